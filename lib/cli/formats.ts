// The file formats that export writes and import reads.

import { type Arguments, UsageError } from "./arguments.ts";

const FORMATS = ["safetensors", "npz", "onnx"] as const;

/** The format that --format names, else the one of the file's ending. Throws a UsageError. */
export function formatOf(args: Arguments, path: string): (typeof FORMATS)[number] {
  const ending = FORMATS.find((format) => path.toLowerCase().endsWith(`.${format}`));
  const format = args.choice("format", FORMATS) ?? ending;
  if (format !== undefined) return format;
  throw new UsageError(
    `expected a file ending in .safetensors, .npz or .onnx, or --format, got ${path}`,
  );
}
