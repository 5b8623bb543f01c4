// The file formats that export writes and import reads.

import { NET_FORMATS, type NetFormat } from "../model/foreign-net.ts";
import { type Arguments, UsageError } from "./arguments.ts";

/** The format that --format names, else the one of the file's ending. Throws a UsageError. */
export function formatOf(args: Arguments, path: string): NetFormat {
  const ending = NET_FORMATS.find((format) => path.toLowerCase().endsWith(`.${format}`));
  const format = args.choice("format", NET_FORMATS) ?? ending;
  if (format !== undefined) return format;
  throw new UsageError(
    `expected a file ending in .safetensors, .npz or .onnx, or --format, got ${path}`,
  );
}
