// Everything that touches the disk. A file is written beside its target and renamed over it, so
// that a crash or a full disk leaves the old file whole.

import * as fs from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

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
  EDQUOT: "the disk quota is used up",
  ERR_FS_FILE_TOO_LARGE: "is too large to read at once",
  ENAMETOOLONG: "the name is too long",
};

/** The error to throw when the system refused: its code in words. */
export function fileError(path: string, doing: string, error: unknown): FileError {
  const { code = "", message = String(error) } = error as { code?: string; message?: string };
  const reason =
    code === "ENOENT" && doing === "cannot be written" ? "no such folder" : REASONS[code];
  return new FileError(`${path}: ${doing}: ${reason ?? message}`);
}

/** The same for two paths that lead to one file, there or not. */
export function fileIdentity(path: string): string {
  try {
    const { dev, ino } = fs.statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return resolve(path);
  }
}

/**
 * Throws the FileError that createFile would throw now: better before an hour of training than
 * after it.
 */
export function checkWritable(path: string): void {
  // to open a pipe would be to wait for its reader
  if (!resolveTarget(path).special) createFile(path).abandon();
}

/** All bytes of a file, or of standard input for "-". */
export async function readFile(path: string): Promise<Uint8Array> {
  if (path !== "-") {
    try {
      return fs.readFileSync(path);
    } catch (error) {
      throw fileError(path, "cannot be read", error);
    }
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of readChunks(path)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * All bytes of a plain file at once; for a path out of another file, which may be anything else.
 */
export function readPlainFile(path: string): Uint8Array {
  try {
    if (fs.statSync(path).isFile()) return fs.readFileSync(path);
  } catch (error) {
    throw fileError(path, "cannot be read", error);
  }
  throw new FileError(`${path}: cannot be read: expected a plain file`);
}

/** The bytes of a file, or of standard input for "-", piece by piece. */
export async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* path === "-" ? process.stdin : fs.createReadStream(path, { highWaterMark: 1 << 18 });
  } catch (error) {
    throw fileError(path === "-" ? "standard input" : path, "cannot be read", error);
  }
}

/** The names in a directory, sorted; undefined when `path` is a file. */
export function listDirectory(path: string): string[] | undefined {
  try {
    return fs.readdirSync(path).sort();
  } catch (error) {
    if ((error as { code?: string }).code === "ENOTDIR") return undefined;
    throw fileError(path, "cannot be read", error);
  }
}

/**
 * Replaces the file in one step: whoever reads `path`, even after a crash in the middle, finds the
 * old file or the new one.
 */
export function writeFile(path: string, content: Uint8Array | string): void {
  const file = createFile(path);
  try {
    file.write(content);
    file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

/** A file in the making: it takes its place when finished, and leaves no trace when abandoned. */
export type NewFile = {
  write(content: Uint8Array | string): void;
  finish(): void;
  abandon(): void;
};

export function createFile(path: string): NewFile {
  const target = resolveTarget(path);
  const attempt = <T>(doing: () => T): T => {
    try {
      return doing();
    } catch (error) {
      throw fileError(path, "cannot be written", error);
    }
  };
  if (target.directory) throw fileError(path, "cannot be written", { code: "EISDIR" });
  // Renaming asks only the folder's permission: a file that its owner has made read-only is to
  // stay.
  if (target.mode !== undefined) attempt(() => fs.accessSync(target.path, fs.constants.W_OK));
  // A device or a pipe cannot be replaced, only written to.
  if (!target.special) removeStale(target.path);
  const opened = attempt(() =>
    target.special
      ? { descriptor: fs.openSync(target.path, "w"), temporary: undefined }
      : openBeside(target),
  );
  const { temporary } = opened;
  let descriptor: number | undefined = opened.descriptor;
  const close = (): void => {
    const open = descriptor;
    descriptor = undefined; // closed only once, also when that fails
    if (open !== undefined) fs.closeSync(open);
  };
  return {
    write(content) {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      attempt(() => {
        for (let at = 0; at < bytes.length; ) at += fs.writeSync(descriptor!, bytes, at);
      });
    },
    finish() {
      attempt(() => {
        if (temporary !== undefined) fs.fsyncSync(descriptor!);
        close();
        if (temporary !== undefined) fs.renameSync(temporary, target.path);
      });
      if (temporary !== undefined) syncDirectory(dirname(target.path));
    },
    abandon() {
      try {
        close();
        if (temporary !== undefined) fs.rmSync(temporary, { force: true });
      } catch {
        // what went wrong before is the news, not this
      }
    },
  };
}

type Target = { path: string; directory: boolean; special: boolean; mode: number | undefined };

/**
 * A new file beside the target. It must not exist yet, not even as a link that leads elsewhere: in
 * a folder open to all somebody may have put one there, and a process of another container may have
 * the same number.
 */
function openBeside({ path, mode }: Target): { descriptor: number; temporary: string } {
  for (let n = 0; ; n++) {
    const temporary = join(
      dirname(path),
      `.${basename(path)}.${n === 0 ? "" : `${n}.`}${process.pid}.tmp`,
    );
    try {
      const descriptor = fs.openSync(temporary, "wx", mode ?? 0o666);
      if (mode !== undefined) keepMode(descriptor, mode);
      return { descriptor, temporary };
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST" || n === 99) throw error;
    }
  }
}

/** The old file's permissions, which the umask may have cut at opening. */
function keepMode(descriptor: number, mode: number): void {
  try {
    fs.fchmodSync(descriptor, mode);
  } catch {
    // a file system without permissions
  }
}

/** Where a path leads through links, whether that is no plain file, and the permissions to keep. */
function resolveTarget(path: string): Target {
  try {
    const real = fs.realpathSync(path);
    const stats = fs.statSync(real);
    const directory = stats.isDirectory();
    return {
      path: real,
      directory,
      special: !directory && !stats.isFile(),
      mode: stats.mode & 0o777,
    };
  } catch {
    return { path, directory: false, special: false, mode: undefined };
  }
}

/** Removes what a process that was killed in the middle of writing `path` has left behind. */
function removeStale(path: string): void {
  try {
    for (const name of fs.readdirSync(dirname(path))) {
      const pid = name.startsWith(`.${basename(path)}.`)
        ? Number(/\.(\d+)\.tmp$/.exec(name)?.[1])
        : NaN;
      if (pid > 0 && pid !== process.pid && !isRunning(pid))
        fs.rmSync(join(dirname(path), name), { force: true });
    }
  } catch {
    // tidying only
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code !== "ESRCH";
  }
}

/** Makes a rename last through a power failure, where the system can. */
function syncDirectory(path: string): void {
  try {
    const descriptor = fs.openSync(path, "r");
    try {
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  } catch {
    // Windows cannot open a directory
  }
}
