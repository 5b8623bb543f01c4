// The SHA-256 by which a command knows the data that a model was trained on again. Of a text it is
// that of the decompressed text with LF as its line end, so that a copy that was compressed or went
// through another system is the same data.

import type { createHash, Hash } from "node:crypto";

const LF = 10;
const CR = 13;
const MAX_UPDATE = 1 << 30; // OpenSSL takes less than 2 GiB at a time

/** Digests data as they are read. */
export class DataDigest {
  readonly #newHash: () => Hash;
  readonly #file: Hash;
  /** Of the text, from where it differs from the file. */
  #text: Hash | undefined;
  #endsWithCr = false;

  constructor(create: typeof createHash) {
    this.#newHash = () => create("sha256");
    this.#file = this.#newHash();
  }

  /** The digest of nothing yet. Commands that read no data start without Node's crypto, 2 ms. */
  static async start(): Promise<DataDigest> {
    return new DataDigest((await import("node:crypto")).createHash);
  }

  /** Adds bytes of the file that are no text, or that are compressed. */
  addBytes(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += MAX_UPDATE)
      this.#file.update(bytes.subarray(at, at + MAX_UPDATE));
  }

  /** Adds bytes of a file that is text. */
  addText(text: Uint8Array): void {
    if (this.#text === undefined && !text.includes(CR)) {
      this.addBytes(text);
      return;
    }
    this.#text ??= this.#file.copy();
    this.addBytes(text);
    this.addDecompressed(text);
  }

  /** Adds text that stands compressed in the file. */
  addDecompressed(text: Uint8Array): void {
    this.#text ??= this.#newHash();
    this.#text.update(this.#withLf(text));
  }

  /** The hexadecimal digests; `file` is that of the file as it is, by which 1.0.0 knew it. */
  finish(): { hash: string; fileHash: string } {
    const fileHash = this.#file.digest("hex");
    return { hash: this.#text?.digest("hex") ?? fileHash, fileHash };
  }

  /** The next bytes of the text with LF for each CRLF or CR. */
  #withLf(text: Uint8Array): Uint8Array {
    if (!this.#endsWithCr && !text.includes(CR)) return text;
    const out = new Uint8Array(text.length);
    let length = 0;
    for (const byte of text) {
      if (byte !== LF || !this.#endsWithCr) out[length++] = byte === CR ? LF : byte;
      this.#endsWithCr = byte === CR;
    }
    return out.subarray(0, length);
  }
}
