// What a signature is that tells a kind of file by its first bytes, and ways to write one.

/** A kind of file, with its article, and what somebody who has one can do. */
export type FileKind = {
  /** As in "npy", "gzip", "pytorch". */
  readonly kind: string;
  /** As in "a gzip file". */
  readonly description: string;
  /** A clause for the end of a message: "decompress it first". */
  readonly advice?: string | undefined;
};

/** A kind of file and the test for it. */
export type Signature = FileKind & { matches: (start: Start) => boolean };

/** The first bytes of a file, and the same as Latin-1 text without what may precede any text. */
export type Start = { bytes: Uint8Array; latin1: string; text: string };

/** Whether the file begins with these bytes. */
export const begins =
  (...bytes: number[]) =>
  ({ bytes: start }: Start): boolean =>
    bytes.every((byte, i) => start[i] === byte);
/** Whether these characters, one a byte, stand at `at`. */
export const says =
  (ascii: string, at = 0) =>
  ({ latin1 }: Start): boolean =>
    latin1.startsWith(ascii, at);
/** Whether the text, without a byte order mark and blanks before it, matches. */
export const reads =
  (pattern: RegExp) =>
  ({ text }: Start): boolean =>
    pattern.test(text);
export const isZip = begins(0x50, 0x4b, 3, 4);
/** Whether it is a zip archive whose beginning matches. */
export const holds =
  (pattern: RegExp) =>
  (start: Start): boolean =>
    isZip(start) && pattern.test(start.latin1);
