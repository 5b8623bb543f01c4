import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../../lib/base/errors.ts";
import { Random } from "../../../lib/base/random.ts";
import { decodeText, validUtf8Length } from "../../../lib/formats/csv/text-decoding.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

test("decodeText reads UTF-8, UTF-16 by its byte order mark, and any encoding that is named", () => {
  assert.equal(decodeText("csv", "a.csv", utf8("é,😀")), "é,😀");
  assert.equal(decodeText("csv", "a.csv", utf8("\ufeffé")), "é");
  assert.equal(decodeText("csv", "a.csv", Uint8Array.of(0xff, 0xfe, 0xe9, 0, 0x2c, 0)), "é,");
  assert.equal(decodeText("csv", "a.csv", Uint8Array.of(0xfe, 0xff, 0, 0xe9)), "é");
  assert.equal(decodeText("csv", "a.csv", Uint8Array.of(0xe9, 0x80), "windows-1252"), "é€");
});

test("decodeText says on which line and at which byte the text is not in its encoding", () => {
  const bytes = Uint8Array.of(...utf8("a,b\r\nc,d\ré\n"), 0xe9, 0x0a);
  assert.throws(
    () => decodeText("csv", "a.csv", bytes),
    (error) => {
      assert.ok(error instanceof FormatError);
      assert.equal(
        error.message,
        'a.csv:4: expected utf-8 text, got e9; older files are often encoding "windows-1252" (byte 12)',
      );
      assert.deepEqual([error.format, error.offset], ["csv", 12]);
      return true;
    },
  );
  assert.throws(() => decodeText("csv", "a.csv", bytes, "utf-8"), {
    message: "a.csv:4: expected utf-8 text, got e9 (byte 12)",
  });
  assert.throws(() => decodeText("csv", "a.csv", Uint8Array.of(0xff, 0xfe, 0x41)), {
    name: "FormatError",
    message: "a.csv:1: expected utf-16le text, got bytes that are not (byte 0)",
  });
  assert.throws(() => decodeText("csv", "a.csv", bytes, "klingon"), {
    name: "RangeError",
    message: 'csv: encoding expected a name TextDecoder knows, got "klingon"',
  });
});

test("validUtf8Length agrees with TextDecoder on random bytes around every kind of lead byte", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decodes = (bytes: Uint8Array): boolean => {
    try {
      decoder.decode(bytes);
      return true;
    } catch {
      return false;
    }
  };
  const EDGES = [
    0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
    0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
  ];
  const picks = new Random(2).integers(4 * 20000, EDGES.length);
  let valid = 0;
  for (let i = 0; i < picks.length; i += 4) {
    const bytes = Uint8Array.from(picks.subarray(i, i + 4), (pick) => EDGES[pick]);
    const length = validUtf8Length(bytes);
    assert.equal(length === bytes.length, decodes(bytes), bytes.join(" "));
    assert.ok(decodes(bytes.subarray(0, length)), bytes.join(" "));
    if (length === bytes.length) valid++;
  }
  assert.ok(valid > 20);
});
