// Which kind of file bytes are, whatever their name says: readers ask when a file is not in their
// format, so that the message names what was found in its place and what to do about it. Kinds are
// told apart by the bytes at their start (and, for zip archives, by the names of their entries).

import { FormatError } from "../base/errors.ts";
import { begins, type FileKind, holds, isZip, type Signature, says } from "./signature.ts";
import { TABLE_SIGNATURES } from "./table-signatures.ts";

const PICKLE_ADVICE =
  "save the arrays with numpy.savez, or the state_dict with safetensors.torch.save_file";

// The first that matches counts. safetensors stands before all others, since its first bytes are a
// length that may look like any mark; special kinds of zip and of text before the general ones.
const SIGNATURES: readonly Signature[] = [
  {
    kind: "safetensors",
    description: "a safetensors file",
    matches: ({ bytes, latin1 }) =>
      latin1[8] === "{" && bytes.subarray(4, 8).every((byte) => byte === 0),
  },
  ...TABLE_SIGNATURES,
  { kind: "npy", description: "an npy file", matches: says("\x93NUMPY") },
  {
    kind: "gzip",
    description: "a gzip file",
    advice: "decompress it first",
    matches: begins(0x1f, 0x8b),
  },
  {
    kind: "pytorch",
    description: "a PyTorch file (a zip archive with a pickle)",
    advice: "save the state_dict with safetensors.torch.save_file, or export to ONNX",
    matches: holds(/\/data\.pkl|\/constants\.pkl/),
  },
  {
    kind: "keras",
    description: "a Keras model",
    advice: "save the weights with numpy.savez, or export to ONNX",
    matches: holds(/model\.weights\.h5|^[^]{30}metadata\.json/),
  },
  { kind: "npz", description: "an npz file", matches: holds(/^[^]{30}[^\0]{1,255}\.npy/) },
  { kind: "zip", description: "a zip archive", advice: "unpack it first", matches: isZip },
  {
    kind: "zip",
    description: "an empty zip archive",
    matches: begins(0x50, 0x4b, 5, 6),
  },
  {
    kind: "pytorch",
    description: "a PyTorch file (a pickle)",
    advice: "save the state_dict with safetensors.torch.save_file, or export to ONNX",
    matches: begins(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20),
  },
  {
    kind: "pickle",
    description: "a Python pickle",
    advice: PICKLE_ADVICE,
    matches: ({ bytes }) =>
      bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5 && /[\x95}\](cq]/.test(char(bytes[2])),
  },
  {
    kind: "hdf5",
    description: "an HDF5 file",
    advice: "save the weights with numpy.savez, or export to ONNX",
    matches: says("\x89HDF\r\n\x1a\n"),
  },
  {
    kind: "gguf",
    description: "a GGUF file",
    advice: "it holds a language model",
    matches: ({ bytes, latin1 }) => latin1.startsWith("GGUF") && bytes[7] === 0,
  },
  {
    kind: "tflite",
    description: "a TensorFlow Lite model",
    advice: "export the model to ONNX",
    matches: says("TFL3", 4),
  },
  {
    kind: "matlab",
    description: "a MATLAB file",
    advice: "save the arrays with numpy.savez",
    matches: says("MATLAB 5.0 MAT-file"),
  },
  {
    kind: "xz",
    description: "an xz file",
    advice: "decompress it first",
    matches: begins(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
  },
  {
    kind: "zstd",
    description: "a zstd file",
    advice: "decompress it first",
    matches: begins(0x28, 0xb5, 0x2f, 0xfd),
  },
  {
    kind: "bzip2",
    description: "a bzip2 file",
    advice: "decompress it first",
    matches: ({ latin1 }) => /^BZh[1-9]1AY&SY/.test(latin1),
  },
  {
    kind: "7z",
    description: "a 7-Zip archive",
    advice: "unpack it first",
    matches: begins(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c),
  },
  { kind: "png", description: "a PNG image", matches: says("\x89PNG\r\n\x1a\n") },
  { kind: "jpeg", description: "a JPEG image", matches: begins(0xff, 0xd8, 0xff) },
  {
    kind: "idx",
    description: "an IDX file",
    matches: ({ bytes }) =>
      bytes.length >= 8 &&
      bytes[0] === 0 &&
      bytes[1] === 0 &&
      [8, 9, 11, 12, 13, 14].includes(bytes[2]) &&
      bytes[3] >= 1 &&
      bytes[3] <= 4,
  },
  {
    // field 1 (ir_version, a small varint), then producer_name, the graph, an opset or a doc_string
    kind: "onnx",
    description: "an ONNX model",
    matches: ({ bytes }) =>
      bytes[0] === 8 &&
      bytes[1] >= 1 &&
      bytes[1] <= 20 &&
      [0x12, 0x1a, 0x22, 0x2a, 0x32, 0x3a, 0x42, 0x72].includes(bytes[2]),
  },
];

const START = 4096;

function char(byte: number): string {
  return String.fromCharCode(byte);
}

/**
 * Returns the kind of file that the bytes are, from their beginning, or undefined when none is
 * recognized: a CSV file, for instance, has no mark. A kind that is returned is near certain.
 * @example
 * recognize(Uint8Array.of(0x1f, 0x8b, 8, 0))?.description; // "a gzip file"
 */
export function recognize(bytes: Uint8Array): FileKind | undefined {
  const first = bytes.subarray(0, START);
  const latin1 = Array.from(first, char).join("");
  const text = latin1.replace(/^(\xef\xbb\xbf)?\s*/, "");
  const found = SIGNATURES.find(({ matches }) => matches({ bytes: first, latin1, text }));
  return found && { kind: found.kind, description: found.description, advice: found.advice };
}

/**
 * The FormatError to throw when `bytes` are recognized and not of the kinds given: it names what
 * the file is. Undefined when the file may well be one of `kinds`, or is not recognized.
 */
export function otherFormat(
  format: string,
  expected: string,
  bytes: Uint8Array,
  kinds: readonly string[] = [format],
): FormatError | undefined {
  const found = recognize(bytes);
  if (found === undefined || kinds.includes(found.kind)) return undefined;
  const advice = found.advice === undefined ? "" : `; ${found.advice}`;
  return new FormatError(format, `expected ${expected}, got ${found.description}${advice}`, {
    offset: 0,
  });
}
