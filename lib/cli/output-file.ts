// Writing a file. A regular file is replaced in one step, so that a crash or a full disk leaves the
// old one whole; a device, a pipe or standard output is written to.

import * as fs from "node:fs";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileError, ownDescriptor, POLL_MS } from "./files.ts";
import {
  openTemporary,
  removeTemporary,
  renameTemporary,
  temporaryError,
} from "./temporary-file.ts";
import { note } from "./terminal.ts";

/** A file that is being written. Its target changes when it is finished, or never. */
export type NewFile = {
  write(content: Uint8Array | string): Promise<void>;
  /** Puts the file in place. */
  finish(): void;
  /** Leaves no trace of the file. */
  abandon(): void;
};

/**
 * Replaces the file `path`: whoever reads it, even after a crash in between, finds the old file or
 * the new one. Throws a FileError.
 */
export async function writeFile(path: string, content: Uint8Array | string): Promise<void> {
  const file = await createFile(path);
  try {
    await file.write(content);
    file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

/**
 * Throws the FileError that createFile would throw now, so that it comes before an hour of training
 * and not after it.
 */
export function checkWritable(path: string): void {
  const target = resolveTarget(path);
  if (target.kind === "regular") replacement(path, target).abandon();
}

/** Begins a file. Throws a FileError if it cannot be written. */
export async function createFile(path: string): Promise<NewFile> {
  const target = resolveTarget(path);
  if (target.kind === "regular") return replacement(path, target);
  try {
    return stream(path, await openStream(path, target), target.kind === "own");
  } catch (error) {
    throw fileError(path, "cannot be written", error);
  }
}

type Target =
  /** A file, at `path` when links are followed; `old` is what is there now. */
  | { kind: "regular"; path: string; old: fs.Stats | undefined }
  /** A device or a pipe. */
  | { kind: "stream"; isPipe: boolean }
  /** A descriptor of this process, as /dev/stdout names it. */
  | { kind: "own"; descriptor: number; isPipe: boolean };

function resolveTarget(path: string): Target {
  return writing(path, () => {
    const descriptor = ownDescriptor(path);
    if (descriptor !== undefined)
      return { kind: "own", descriptor, isPipe: fs.fstatSync(descriptor).isFIFO() };
    const old = fs.statSync(path, { throwIfNoEntry: false });
    if (old === undefined) return { kind: "regular", path: followLinks(path), old };
    if (old.isDirectory()) throw systemError("EISDIR");
    if (!old.isFile()) return { kind: "stream", isPipe: old.isFIFO() };
    // renaming asks only for the folder's permission; a file that is read-only is to stay
    fs.accessSync(path, fs.constants.W_OK);
    return { kind: "regular", path: fs.realpathSync(path), old };
  });
}

const systemError = (code: string): Error => Object.assign(new Error(), { code });

/** Where a path leads whose last link points to a file that does not exist yet. */
function followLinks(path: string): string {
  for (let links = 0; links < 40; links++) {
    try {
      path = resolve(dirname(path), fs.readlinkSync(path));
    } catch {
      return path;
    }
  }
  throw systemError("ELOOP");
}

/** A temporary file that is renamed over its target. */
function replacement(name: string, { path, old }: Target & { kind: "regular" }): NewFile {
  let temporary: ReturnType<typeof openTemporary>;
  try {
    temporary = openTemporary(path, old, name);
  } catch (error) {
    throw temporaryError(name, error);
  }
  let isOpen = true;
  const close = (): void => {
    const wasOpen = isOpen;
    isOpen = false; // closed once only, even if that fails
    if (wasOpen) fs.closeSync(temporary.descriptor);
  };
  return {
    write: async (content) =>
      writing(name, () => {
        const bytes = bytesOf(content);
        for (let at = 0; at < bytes.length; )
          at += writeSome(temporary.descriptor, bytes, at, 1 << 28);
      }),
    finish: () =>
      writing(name, () => {
        fs.fsyncSync(temporary.descriptor);
        close();
        renameTemporary(temporary.path, path);
      }),
    abandon: () => {
      try {
        close();
        removeTemporary(temporary.path);
      } catch {
        // the error that led here is the one to report
      }
    },
  };
}

const bytesOf = (content: Uint8Array | string): Uint8Array =>
  typeof content === "string" ? Buffer.from(content) : content;

/** Writes at most `most` of the bytes from `at` on; returns how many were written. */
const writeSome = (descriptor: number, bytes: Uint8Array, at: number, most: number): number =>
  fs.writeSync(descriptor, bytes, at, Math.min(bytes.length - at, most));

/** Calls `f`; an error that it throws becomes a FileError. */
function writing<T>(path: string, f: () => T): T {
  try {
    return f();
  } catch (error) {
    throw fileError(path, "cannot be written", error);
  }
}

const WAITING_MS = 2000; // after which a wait for the reader of a pipe is mentioned

/**
 * A descriptor that writes to the pipe or device. A pipe is opened without blocking: a thread that
 * waits in the system would keep signals from ending the process.
 */
async function openStream(
  path: string,
  target: Target & { kind: "stream" | "own" },
): Promise<number> {
  if (!target.isPipe) return target.kind === "own" ? target.descriptor : fs.openSync(path, "w");
  const flags = fs.constants.O_WRONLY | fs.constants.O_NONBLOCK;
  const start = performance.now();
  for (let isTold = false; ; ) {
    try {
      return fs.openSync(path, flags);
    } catch (error) {
      const { code } = error as { code?: string };
      if (target.kind === "own") {
        if (code !== "ENXIO") return target.descriptor; // the system does not let us open it
        throw systemError("EPIPE");
      }
      if (code !== "ENXIO") throw error;
    }
    if (!isTold && performance.now() - start > WAITING_MS) {
      isTold = true;
      note(`${path}: waiting for a program that reads this pipe`);
    }
    await sleep(POLL_MS);
  }
}

/** A device, a pipe or an own descriptor, which is written to directly. */
function stream(name: string, descriptor: number, isOwn: boolean): NewFile {
  const isBorrowed = isOwn && descriptor === ownDescriptor(name);
  const close = (): void => {
    if (!isBorrowed) fs.closeSync(descriptor);
  };
  return {
    write: async (content) => {
      const bytes = bytesOf(content);
      for (let at = 0; at < bytes.length; ) {
        try {
          at += writeSome(descriptor, bytes, at, 1 << 16);
        } catch (error) {
          if ((error as { code?: string }).code !== "EAGAIN")
            throw fileError(name, "cannot be written", error);
          await sleep(POLL_MS); // the pipe is full
        }
      }
    },
    finish: close,
    abandon: close,
  };
}
