// Encoders and decoders of text. jsdom has neither as a global, although the Node around it does.

import { nodeModule } from "./node-modules.ts";

/** An encoder to UTF-8. */
export function textEncoder(): TextEncoder {
  return new (globalThis.TextEncoder ?? nodeUtil().TextEncoder)();
}

/** A decoder as `new TextDecoder` gives it. */
export function textDecoder(label?: string, options?: TextDecoderOptions): TextDecoder {
  return new (globalThis.TextDecoder ?? nodeUtil().TextDecoder)(label, options);
}

function nodeUtil(): typeof import("node:util") {
  const util = nodeModule("node:util");
  if (util === undefined)
    throw new Error("text: expected an engine with TextEncoder and TextDecoder, got neither");
  return util;
}
