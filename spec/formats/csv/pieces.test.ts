import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCsv } from "../../../lib/formats/csv/csv.ts";
import { ByteQueue, linesLength, PIECE } from "../../../lib/formats/csv/pieces.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

test("linesLength is the length of the lines that end, or of all bytes", () => {
  assert.equal(linesLength(utf8("a\nb\nc")), 4);
  assert.equal(linesLength(utf8("a\r\n")), 3);
  assert.equal(linesLength(utf8("a\rb")), 3);
  assert.equal(linesLength(utf8("")), 0);
  assert.equal(linesLength(Uint8Array.from(Buffer.from("a\nb", "utf16le"))), 4);
});

test("ByteQueue gives the lines that have ended, then the rest, whatever the chunks", () => {
  const lines = Array.from({ length: 40_000 }, (_, i) => `line ${i}\n`).join("");
  const bytes = utf8(`${lines}end`);
  for (const size of [7, 1 << 10, 100_000, bytes.length]) {
    const queue = new ByteQueue();
    let text = "";
    for (let at = 0; at < bytes.length; at += size) {
      const chunk = bytes.slice(at, at + size);
      queue.add(chunk);
      chunk.fill(0); // a producer may use it again
      if (queue.length < 1000) continue;
      const taken = Buffer.from(queue.take(false)).toString();
      assert.ok(taken.endsWith("\n"), `chunks of ${size}`);
      text += taken;
    }
    text += Buffer.from(queue.take(true)).toString();
    assert.equal(queue.length, 0);
    assert.equal(text, `${lines}end`, `chunks of ${size}`);
  }
});

const encodings: Record<string, (text: string) => Uint8Array> = {
  "UTF-8": utf8,
  "UTF-16": (text) => Uint8Array.from(Buffer.from(`\ufeff${text}`, "utf16le")),
};
for (const [end, name] of [
  ["\n", "LF"],
  ["\r\n", "CRLF"],
  ["\r", "CR"],
]) {
  for (const [encoding, encode] of Object.entries(encodings)) {
    test(`parseCsv reads several pieces of bytes as their text: ${encoding}, ${name}`, () => {
      const rows = Array.from({ length: 100 }, (_, i) => {
        const long = "é".repeat(9000 + 13 * i);
        return `${i},1.5,"${long}${i % 3 === 0 ? end : ""}x"${end}`;
      }).join("");
      const text = `id,size,text${end}${rows.repeat(5)}7,8,9`;
      const bytes = encode(text);
      assert.ok(bytes.length > 2 * PIECE);
      const table = parseCsv(bytes);
      const whole = parseCsv(text);
      assert.equal(table.rowCount, 501);
      assert.deepEqual(table.toRows(), whole.toRows());
      assert.equal(table.error("here", 500, 1).message, whole.error("here", 500, 1).message);
    });
  }
}
