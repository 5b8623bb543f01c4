// The temporary file beside a target that is to be replaced: its name, which says who makes it, its
// owner and permissions, and the removal of those that a killed process has left.

import * as fs from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { sha256 } from "../base/sha256.ts";
import { FileError, fileError } from "./files.ts";

/** The temporary files that this process is writing. */
const open = new Set<string>();

const PATTERN = /^\.twolayer-([0-9a-f]{16})-([0-9a-f]{16})-(\d{1,10})-(\d{1,2})\.tmp$/;

/**
 * The name of the `n`th temporary file of process `pid` for `target`. It is short whatever the
 * target's name is, and names the target and the machine by hashes.
 */
export function temporaryName(target: string, pid = process.pid, n = 0): string {
  return `.twolayer-${hash(basename(target))}-${machine()}-${pid}-${n}.tmp`;
}

function hash(text: string): string {
  return sha256(Buffer.from(text)).slice(0, 16);
}

let machineHash: string | undefined;

/**
 * A hash of the place in which process ids are unique: this host, since it was booted, and the
 * namespace of processes, as each container has its own.
 */
function machine(): string {
  if (machineHash !== undefined) return machineHash;
  const parts = [hostname()];
  try {
    parts.push(fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8"));
    parts.push(fs.readlinkSync("/proc/self/ns/pid"));
  } catch {
    // only Linux has these, and only Linux has such namespaces
  }
  return (machineHash = hash(parts.join("\n")));
}

/**
 * A new file beside `target`, with the owner and permissions of `old`, the file at the target.
 * `name` is what messages call the target.
 */
export function openTemporary(
  target: string,
  old: fs.Stats | undefined,
  name = target,
): { descriptor: number; path: string } {
  removeStale(target);
  for (let n = 0; ; n++) {
    const path = join(dirname(target), temporaryName(target, process.pid, n));
    try {
      // "x": neither a planted link nor another writer's file is opened
      const descriptor = fs.openSync(path, "wx", old === undefined ? 0o666 : old.mode & 0o777);
      open.add(path);
      if (old !== undefined) keepOwner({ descriptor, path }, name, old);
      return { descriptor, path };
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST" || n === 99) throw error;
    }
  }
}

/** Renames the temporary file over the target. */
export function renameTemporary(path: string, target: string): void {
  fs.renameSync(path, target);
  open.delete(path);
  syncDirectory(dirname(target));
}

export function removeTemporary(path: string): void {
  fs.rmSync(path, { force: true });
  open.delete(path);
}

/**
 * Gives the new file the old one's owner, group and permissions. Throws a FileError if it may not:
 * a file that its owner could no longer read would be lost to them.
 */
function keepOwner(
  { descriptor, path }: { descriptor: number; path: string },
  name: string,
  old: fs.Stats,
): void {
  const { uid, gid } = fs.fstatSync(descriptor);
  try {
    if (uid !== old.uid || gid !== old.gid) fs.fchownSync(descriptor, old.uid, old.gid);
  } catch {
    fs.closeSync(descriptor);
    removeTemporary(path);
    throw new FileError(
      `${name}: cannot be replaced: it belongs to another user or group, ` +
        "which the new file could not; remove it, or write to another file",
    );
  }
  try {
    fs.fchmodSync(descriptor, old.mode & 0o7777); // the umask may have cut them at opening
  } catch {
    // a file system without permissions
  }
}

/**
 * Removes the temporary files for `target` that killed processes have left: those with a name of
 * ours, made on this machine since it was booted, by a process that runs no more.
 */
function removeStale(target: string): void {
  try {
    for (const name of fs.readdirSync(dirname(target))) {
      const [, file, place, pid] = PATTERN.exec(name) ?? [];
      if (file !== hash(basename(target)) || place !== machine()) continue;
      const path = join(dirname(target), name);
      if (Number(pid) === process.pid ? !open.has(path) : !isRunning(Number(pid)))
        fs.rmSync(path, { force: true });
    }
  } catch {
    // the target can be written without this
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

/** Makes a rename survive a power failure, where the system can. */
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

/** The FileError for a temporary file that cannot be made: the folder is what refuses it. */
export function temporaryError(target: string, error: unknown): FileError {
  const { code } = error as { code?: string };
  if (code !== "EACCES" && code !== "EPERM") return fileError(target, "cannot be written", error);
  const folder = dirname(target);
  return new FileError(`${target}: cannot be written: no permission to make files in ${folder}`);
}

/** Makes a folder with a new name, which nobody can have prepared, for a temporary file. */
export function makeTemporaryFolder(): string {
  return fs.mkdtempSync(join(tmpdir(), "twolayer-"));
}
