// Reads the PNG files of the figures back: signature, chunk checksums, zlib stream, filter bytes.
import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";

/** CRC-32 by its definition, bit by bit. */
function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** Width, height and the pixels as [r, g, b], row by row. */
export function parsePng(bytes: Uint8Array): { width: number; height: number; pixels: number[][] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assert.deepEqual([...bytes.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks: Record<string, Uint8Array> = {};
  let at = 8;
  while (at < bytes.length) {
    const length = view.getUint32(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    assert.equal(view.getUint32(at + 8 + length), crc32(body), "chunk checksum");
    chunks[String.fromCharCode(...body.subarray(0, 4))] = body.subarray(4);
    at += 12 + length;
  }
  assert.equal(at, bytes.length);
  assert.deepEqual(Object.keys(chunks), ["IHDR", "IDAT", "IEND"]);
  const header = new DataView(chunks.IHDR.buffer, chunks.IHDR.byteOffset);
  const [width, height] = [header.getUint32(0), header.getUint32(4)];
  assert.deepEqual([...chunks.IHDR.subarray(8)], [8, 2, 0, 0, 0]);
  const raw = inflateSync(chunks.IDAT);
  assert.equal(raw.length, height * (1 + 3 * width));
  const pixels = Array.from({ length: width * height }, (_, i) => {
    const start = Math.floor(i / width) * (1 + 3 * width) + 1 + 3 * (i % width);
    return [...raw.subarray(start, start + 3)];
  });
  for (let y = 0; y < height; y++) assert.equal(raw[y * (1 + 3 * width)], 0, "filter byte");
  return { width, height, pixels };
}

/** The same from a data URL. */
export function parsePngUrl(url: string): ReturnType<typeof parsePng> {
  const prefix = "data:image/png;base64,";
  assert.ok(url.startsWith(prefix));
  return parsePng(Uint8Array.from(Buffer.from(url.slice(prefix.length), "base64")));
}
