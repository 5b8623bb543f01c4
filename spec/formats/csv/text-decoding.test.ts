import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../../lib/base/errors.ts";
import { Random } from "../../../lib/base/random.ts";
import type { Remark } from "../../../lib/base/table.ts";
import { countLineEnds } from "../../../lib/formats/csv/line-ends.ts";
import { TextDecoding, validUtf8Length } from "../../../lib/formats/csv/text-decoding.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

/** The text of bytes that come in pieces of `size`, and the remark about their encoding. */
function decode(
  bytes: Uint8Array,
  { encoding, size = bytes.length || 1 }: { encoding?: string; size?: number } = {},
): { text: string; remark: string | undefined; option: string | undefined } {
  let text = "";
  const remarks: Remark[] = [];
  const decoding = new TextDecoding("a.csv", encoding, {
    get nextLine() {
      return 1 + countLineEnds(text);
    },
    remark: (text, option) => remarks.push({ text, option }),
  });
  for (let at = 0; at < bytes.length; at += size)
    text += decoding.decode(bytes.subarray(at, at + size), at + size >= bytes.length);
  assert.ok(remarks.length <= 1);
  return { text, remark: remarks[0]?.text, option: remarks[0]?.option };
}

test("TextDecoding reads UTF-8, UTF-16 by its mark, and any encoding that is named", () => {
  const cases: [Uint8Array, string, string?][] = [
    [utf8("é,😀"), "é,😀"],
    [utf8("\ufeffé"), "é"],
    [utf8("a\ufeffb"), "a\ufeffb"],
    [Uint8Array.of(0xff, 0xfe, 0xe9, 0, 0x2c, 0), "é,"],
    [Uint8Array.of(0xfe, 0xff, 0, 0xe9), "é"],
    [Uint8Array.of(0xe9, 0x80), "é€", "windows-1252"],
    [new Uint8Array(0), ""],
  ];
  for (const [bytes, text, encoding] of cases) {
    for (const size of [1, 2, 3, 5, 100]) {
      const decoded = decode(bytes, { encoding, size });
      assert.equal(decoded.text, text, `pieces of ${size}`);
      assert.equal(decoded.remark, undefined);
    }
  }
});

test("TextDecoding takes bytes that alternate with zeros for UTF-16 and says so", () => {
  const little = Uint8Array.from(Buffer.from("a,b\n1,2\n", "utf16le"));
  const { text, remark } = decode(little);
  assert.equal(text, "a,b\n1,2\n");
  assert.equal(remark, "read as utf-16le, without a byte order mark");
  assert.equal(decode(little.slice().map((_, i) => little[i ^ 1])).text, "a,b\n1,2\n");
});

test("TextDecoding reads ASCII with a byte that is not UTF-8 as windows-1252 and says so", () => {
  const bytes = Uint8Array.of(...utf8("a,b\r\nc,d\re\n"), 0xe9, 0x80, 0x0a);
  for (const size of [1, 4, 100]) {
    const { text, remark } = decode(bytes, { size });
    assert.equal(text, "a,b\r\nc,d\re\né€\n");
    assert.equal(remark, "read as windows-1252: line 4 is not UTF-8 (byte 11)");
  }
});

test("TextDecoding says on which line and at which byte the text is not in its encoding", () => {
  const bytes = Uint8Array.of(...utf8("a,b\r\nc,d\ré\n"), 0xe9, 0x0a);
  const hint = '; older files are often encoding "windows-1252"';
  for (const size of [1, 4, 100]) {
    assert.throws(
      () => decode(bytes, { size }),
      (error) => {
        assert.ok(error instanceof FormatError);
        assert.equal(error.message, `a.csv:4: expected utf-8 text, got e9${hint} (byte 12)`);
        assert.equal(error.format, "csv");
        assert.equal(error.line, 4);
        assert.equal(error.offset, 12);
        return true;
      },
    );
  }
  assert.throws(() => decode(bytes, { encoding: "utf-8" }), {
    message: "a.csv:4: expected utf-8 text, got e9 (byte 12)",
  });
  assert.throws(() => decode(Uint8Array.of(0xff, 0xfe, 0x41)), {
    name: "FormatError",
    message: "a.csv:1: expected utf-16le text, got bytes that are not (byte 0)",
  });
  assert.throws(() => decode(bytes, { encoding: "klingon" }), {
    name: "RangeError",
    message: 'csv: encoding expected a name TextDecoder knows, got "klingon"',
  });
});

test("validUtf8Length agrees with TextDecoder on random bytes around each lead byte", () => {
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

test("TextDecoding reads UTF-16 without a mark in scripts beyond Latin", () => {
  const text = "длина,вид\n1.5,да\n2.5,нет\n";
  const le = Buffer.from(text, "utf16le");
  const be = Buffer.from(le).swap16();
  for (const [bytes, encoding] of [
    [le, "utf-16le"],
    [be, "utf-16be"],
  ] as const) {
    const decoded = decode(bytes);
    assert.equal(decoded.text, text);
    assert.equal(decoded.option, `--encoding ${encoding}`);
  }
});

test("TextDecoding takes a UTF-8 text with a NUL character for UTF-8", () => {
  const text = `a,b\n${"1,2\n".repeat(20)}1,\0\n`;
  assert.deepEqual(decode(Buffer.from(text)), { text, remark: undefined, option: undefined });
});
