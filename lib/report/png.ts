// Small images as PNG files, for figures. Their deflate blocks are stored without compression: the
// images have a few hundred bytes, and compression would need a library.
//
// PNG (W3C recommendation): signature, then chunks of length, type, data, CRC-32 of type and data;
// IHDR, IDAT (a zlib stream of rows, each led by its filter byte 0), IEND.

import { crc32 } from "../base/crc32.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const STORED = 65535; // the largest number of bytes in one stored deflate block

/** The bytes of a PNG. `pixels` has red, green and blue of each pixel, row by row from the top. */
export function serializePng(
  width: number,
  height: number,
  pixels: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const stride = width * 3;
  const raw = new Uint8Array(height * (stride + 1));
  for (let y = 0; y < height; y++)
    raw.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  // 8 bits each of color type 2: red, green, blue
  const header = [...uint32(width), ...uint32(height), 8, 2, 0, 0, 0];
  const chunks = [chunk("IHDR", header), chunk("IDAT", zlibStored(raw)), chunk("IEND", [])];
  return concat(SIGNATURE, ...chunks);
}

/** The PNG as a data URL. */
export function pngUrl(width: number, height: number, pixels: Uint8Array): string {
  return `data:image/png;base64,${base64(serializePng(width, height, pixels))}`;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The bytes in base64 (RFC 4648): four digits for three bytes. Not every engine has `btoa`. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes[i] << 16) | (bytes[i + 1] << 8) | bytes[i + 2];
    for (let shift = 18; shift >= 0; shift -= 6) text += DIGITS[(bits >> shift) & 63];
  }
  const padding = (3 - (bytes.length % 3)) % 3;
  return text.slice(0, text.length - padding) + "=".repeat(padding);
}

function chunk(type: string, data: ArrayLike<number>): Uint8Array {
  const letters = Array.from(type, (letter) => letter.charCodeAt(0));
  const body = concat(letters, data);
  return concat(uint32(data.length), body, uint32(crc32(body)));
}

function zlibStored(raw: Uint8Array): Uint8Array {
  const parts: ArrayLike<number>[] = [[0x78, 0x01]];
  for (let start = 0; start < raw.length; start += STORED) {
    const block = raw.subarray(start, start + STORED);
    const [high, low] = uint32(block.length).slice(2);
    const isLast = start + STORED >= raw.length;
    parts.push([isLast ? 1 : 0, low, high, low ^ 255, high ^ 255], block);
  }
  let [a, b] = [1, 0]; // Adler-32
  for (const byte of raw) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return concat(...parts, uint32(b * 65536 + a));
}

function concat(...parts: ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Four bytes, the highest first. */
function uint32(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
}
