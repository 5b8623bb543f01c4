// The built package, which `npm test` in this folder builds first. Its types are those of the
// sources, so that types can be checked without a build.
import type * as Twolayer from "../../lib/index.ts";

const built: typeof Twolayer = await import(new URL("../../dist/index.js", import.meta.url).href);

export const {
  classifierToOnnx,
  Matrix,
  netFromOnnx,
  netToOnnx,
  netToTensors,
  parseNpy,
  parseNpz,
  parseOnnx,
  serializeModel,
  serializeNpy,
  serializeNpz,
  serializeOnnx,
  serializeSafetensors,
  softmaxLoss,
  TwoLayerNet,
  toMatrix,
} = built;
