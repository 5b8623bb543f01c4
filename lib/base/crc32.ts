// CRC-32 as zip and PNG use it (ISO 3309; reflected polynomial edb88320), one table look-up per
// byte. node:zlib's own is not in every runtime.

let table: Uint32Array | undefined; // made by the first call: an import would wait 0.3 ms for it

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    return crc;
  });
}

/** The checksum as an unsigned 32-bit integer; 0 for no bytes. */
export function crc32(bytes: Uint8Array): number {
  const byByte = (table ??= makeTable());
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ byByte[(crc ^ bytes[i]) & 0xff];
  return ~crc >>> 0;
}
