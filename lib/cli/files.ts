// Reading files and standard input, and the errors of the file system in words.

import * as fs from "node:fs";
import { resolve } from "node:path";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import type { FormatError } from "../base/errors.ts";

/** Milliseconds between two attempts to read or write a pipe that is not ready. */
export const POLL_MS = 5;

/** A file that cannot be read or written: exit code 1. */
export class FileError extends Error {
  override name = "FileError";
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EISDIR: "is a directory",
  ENOTDIR: "is not in a directory",
  ENOSPC: "the disk is full",
  EROFS: "the disk is read-only",
  EMFILE: "too many open files",
  ELOOP: "the links lead in a circle",
  EPIPE: "its reader has closed it",
  EDQUOT: "the disk quota is used up",
  ERR_FS_FILE_TOO_LARGE: "is too large to read at once",
  ENAMETOOLONG: "the name is too long",
};

/** A FileError for an error of the system; `doing` is "cannot be read" or "cannot be written". */
export function fileError(path: string, doing: string, error: unknown): FileError {
  if (error instanceof FileError) return error;
  const { code = "", message = String(error) } = error as { code?: string; message?: string };
  const reason =
    code === "ENOENT" && doing === "cannot be written" ? "no such folder" : REASONS[code];
  return new FileError(`${path}: ${doing}: ${reason ?? message}`);
}

/**
 * A text that is the same for two paths to one regular file, whether it exists or not; undefined
 * for a device, a pipe or standard input, which several commands may share.
 */
export function fileIdentity(path: string): string | undefined {
  try {
    const stats = fs.statSync(path, { bigint: true });
    return stats.isFile() || stats.isDirectory() ? `${stats.dev}:${stats.ino}` : undefined;
  } catch {
    return resolve(path);
  }
}

/** A text that changes when the file is written or replaced; undefined if there is no file. */
export function fileVersion(path: string): string | undefined {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = fs.statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(":");
  } catch {
    return undefined;
  }
}

/**
 * All bytes of a file, or of standard input for "-". Throws a FileError, also if the file is
 * changed while it is read.
 */
export async function readFile(path: string): Promise<Uint8Array> {
  // One buffer of the file's size: joining chunks would take the size twice.
  const bytes = allocate(path, sizeOf(path) ?? 0);
  let length = 0;
  const more: Uint8Array[] = []; // what does not fit: a stream, or a file that grew
  for await (const chunk of readChunks(path)) {
    if (more.length === 0 && length + chunk.length <= bytes.length) {
      bytes.set(chunk, length);
      length += chunk.length;
    } else more.push(chunk);
  }
  const read = bytes.subarray(0, length);
  return more.length === 0 ? read : Buffer.concat([read, ...more]);
}

function allocate(path: string, size: number): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch {
    throw fileError(path, "cannot be read", { code: "ERR_FS_FILE_TOO_LARGE" });
  }
}

/** Calls `parse`; a FormatError that it throws gets the name of the file. */
export function inFile<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    // By its name: this file is loaded with every command, and the class with its part.
    const isFormatError = error instanceof Error && error.name === "FormatError";
    throw isFormatError ? (error as FormatError).inFile(path) : error;
  }
}

/**
 * All bytes of a regular file at once, for a path that another file names and that may be anything.
 */
export function readPlainFile(path: string): Uint8Array {
  try {
    if (fs.statSync(path).isFile()) return fs.readFileSync(path);
  } catch (error) {
    throw fileError(path, "cannot be read", error);
  }
  throw new FileError(`${path}: cannot be read: expected a regular file`);
}

/**
 * The bytes of a file, or of standard input for "-", piece by piece. Throws a FileError, also at
 * the end if the file was changed while it was read.
 */
export async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  const isStandardInput = path === "-" || ownDescriptor(path) === 0;
  try {
    if (isStandardInput) yield* process.stdin;
    else if (fs.statSync(path).isFile()) yield* readRegular(path);
    else yield* readStream(path);
  } catch (error) {
    throw fileError(isStandardInput ? "standard input" : path, "cannot be read", error);
  }
}

/** The descriptor of this process that a path names, as /dev/fd/3; undefined for other paths. */
export function ownDescriptor(path: string): number | undefined {
  if (process.platform === "win32") return undefined;
  const standard = ["/dev/stdin", "/dev/stdout", "/dev/stderr"].indexOf(path);
  if (standard >= 0) return standard;
  const numbered = /^\/(?:dev|proc\/self)\/fd\/(\d{1,9})$/.exec(path);
  return numbered === null ? undefined : Number(numbered[1]);
}

const CHUNK = 1 << 18;

async function* readRegular(path: string): AsyncGenerator<Uint8Array> {
  const descriptor = fs.openSync(path, "r");
  try {
    const before = fs.fstatSync(descriptor, { bigint: true });
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const size = fs.readSync(descriptor, chunk, 0, CHUNK, null);
      if (size === 0) break;
      yield chunk.subarray(0, size);
      await setImmediate(); // signals are handled only between two turns of the event loop
    }
    // a rename over the path leaves this descriptor at the old file, which is still whole
    const after = fs.fstatSync(descriptor, { bigint: true });
    if (after.size !== before.size || after.mtimeNs !== before.mtimeNs)
      throw new FileError(`${path}: was changed by another program while it was read; try again`);
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * The bytes of a pipe or a device. It is opened and read without blocking: a thread that waits in
 * the system would keep signals from ending the process.
 */
async function* readStream(path: string): AsyncGenerator<Uint8Array> {
  const descriptor = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  // a named pipe reads as ended until its writer opens it
  let hasWriter = ownDescriptor(path) !== undefined || !fs.fstatSync(descriptor).isFIFO();
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const size = readNow(descriptor, chunk);
      if (size === 0 && hasWriter) return;
      if (size !== 0) hasWriter = true;
      if (size !== undefined && size > 0) yield chunk.subarray(0, size);
      else await sleep(POLL_MS);
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

/** The number of bytes that were read, 0 at the end, undefined if there are none yet. */
function readNow(descriptor: number, chunk: Uint8Array): number | undefined {
  try {
    return fs.readSync(descriptor, chunk, 0, chunk.length, null);
  } catch (error) {
    if ((error as { code?: string }).code === "EAGAIN") return undefined;
    throw error;
  }
}

/** The size of a file in bytes; undefined for what has none, such as a pipe or "-". */
export function sizeOf(path: string): number | undefined {
  try {
    const stats = path === "-" ? undefined : fs.statSync(path);
    return stats?.isFile() ? stats.size : undefined;
  } catch {
    return undefined; // reading it says why
  }
}

/** The names in a directory, sorted; undefined if `path` is a file. */
export function listDirectory(path: string): string[] | undefined {
  try {
    return fs.readdirSync(path).sort();
  } catch (error) {
    if ((error as { code?: string }).code === "ENOTDIR") return undefined;
    throw fileError(path, "cannot be read", error);
  }
}
