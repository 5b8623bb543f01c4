// Whether a command can write its output files without losing another file.

import { type Arguments, UsageError } from "./arguments.ts";
import { fileIdentity } from "./files.ts";
import { checkWritable } from "./output-file.ts";

/**
 * Checks the files of the options `names` before anything is computed. Throws a UsageError when two
 * outputs are one file or when an output is also an input, and a FileError when one cannot be
 * written. A resumed training may write its checkpoint where it read it.
 */
export function checkOutputs(args: Arguments, names: readonly string[]): void {
  const inputs = [...args.positionals, args.text("images"), args.text("labels"), args.text("npz")]
    .filter((path) => path !== undefined && path !== "-")
    .map((path) => fileIdentity(path!));
  const resumed = args.text("resume");
  const checkpoint = resumed === undefined ? undefined : fileIdentity(resumed);
  const optionOf = new Map<string, string>();
  const outputs = names.filter((name) => args.text(name) !== undefined);
  for (const name of outputs) {
    const path = args.text(name)!;
    if (path === "" || path === "-")
      throw new UsageError(`--${name} expected a file's name, got "${path}"`);
    const file = fileIdentity(path);
    if (file === undefined) continue; // a device or a pipe, which loses nothing
    if (inputs.includes(file) || (file === checkpoint && name !== "checkpoint"))
      throw new UsageError(`--${name} expected a file other than the input, got ${path}`);
    const other = optionOf.get(file);
    if (other !== undefined) {
      throw new UsageError(
        `--${other} and --${name} expected different files, got ${path} for both`,
      );
    }
    optionOf.set(file, name);
  }
  for (const name of outputs) checkWritable(args.text(name)!);
}
