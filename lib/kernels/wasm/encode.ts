// How WebAssembly spells numbers, text and lists: the value and vector productions of the binary
// format (https://webassembly.github.io/spec/core/binary/values.html), each a function that returns
// its bytes.

export type Bytes = readonly number[];

/**
 * u32: an unsigned integer below 2^32 in LEB128, seven bits a byte, the lowest first, the top bit
 * set on all but the last.
 */
export function u32(value: number): Bytes {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) + 0x80);
  bytes.push(value);
  return bytes;
}

/** s32: a signed integer in −2^31..2^31−1; the last byte's bit 6 is the sign. */
export function s32(value: number): Bytes {
  const bytes = [];
  while (value < -0x40 || value >= 0x40) {
    bytes.push((value & 0x7f) | 0x80);
    value >>= 7;
  }
  bytes.push(value & 0x7f);
  return bytes;
}

/** vec(B): how many, then each. */
export function vec(items: readonly Bytes[]): Bytes {
  return [...u32(items.length), ...items.flat()];
}

/** name: the UTF-8 bytes as a vector. */
export function name(text: string): Bytes {
  return vec([...new TextEncoder().encode(text)].map((byte) => [byte]));
}
