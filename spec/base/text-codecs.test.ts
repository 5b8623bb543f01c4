import assert from "node:assert/strict";
import { test } from "node:test";
import { textDecoder, textEncoder } from "../../lib/base/text-codecs.ts";

const check = (): void => {
  const bytes = textEncoder().encode("2×3 €");
  assert.deepEqual([...bytes], [50, 195, 151, 51, 32, 226, 130, 172]);
  assert.equal(textDecoder().decode(bytes), "2×3 €");
  assert.equal(textDecoder("latin1").decode(Uint8Array.of(0xd7)), "×");
  assert.throws(() => textDecoder("utf-8", { fatal: true }).decode(Uint8Array.of(0xff)), TypeError);
};

/** Runs a function while globalThis has none of the names. */
function without(names: string[], use: () => void): void {
  const kept = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name)!);
  try {
    for (const name of names)
      Object.defineProperty(globalThis, name, { value: undefined, configurable: true });
    use();
  } finally {
    names.forEach((name, i) => void Object.defineProperty(globalThis, name, kept[i]));
  }
}

test("The codecs are the engine's own", check);

test("The codecs are those of node:util where the globals are missing, as in jsdom", () => {
  without(["TextEncoder", "TextDecoder"], check);
});

test("A missing codec is an error with a message where there is no Node either", () => {
  without(["TextEncoder", "TextDecoder", "process"], () => {
    const message = "text: expected an engine with TextEncoder and TextDecoder, got neither";
    assert.throws(textEncoder, { name: "Error", message });
    assert.throws(() => textDecoder(), { name: "Error", message });
  });
});
