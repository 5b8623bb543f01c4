// Which kind of file bytes are, whatever their name says: readers ask when a file is not in their
// format, so that the message names what was found in its place and what to do about it.

import { FormatError } from "../base/errors.ts";

/** A kind of file, with its article, and what somebody who has one can do. */
export type FileKind = {
  /** The format's name, as in "npy", of those that a reader asks for. */
  readonly kind: string | undefined;
  /** As in "a gzip file". */
  readonly description: string;
  /** A clause for the end of a message: "decompress it first". */
  readonly advice: string | undefined;
};

/** A description, what the bytes look like as Latin-1 text, the advice and the kind. */
type Signature = readonly [description: string, RegExp, advice?: string, kind?: string];

const TO_CSV = "convert it to CSV";
const SAVE_SHEET = "save the sheet as CSV";
const FROM_R = "write the table as CSV, in R with write.csv";
const NOT_DOWNLOADED = "the file itself was not downloaded; run ";
const DECOMPRESS = "decompress it first";
const UNPACK = "unpack it first";
const SAVE_ARRAYS = "save the arrays with numpy.savez";
const SAVE_STATE = "the state_dict with safetensors.torch.save_file";
const FROM_PYTORCH = `save ${SAVE_STATE}, or export to ONNX`;
const FROM_KERAS = "save the weights with numpy.savez, or export to ONNX";

// The first that matches counts. safetensors stands before all others, since its first bytes are a
// length that may look like any mark; special kinds of zip and of text before the general ones.
const SIGNATURES: readonly Signature[] = [
  ["a safetensors file", /^[^]{4}\0{4}\{/, undefined, "safetensors"],
  ["a Git LFS pointer", /^version \S*\/git-lfs\.\S*\n/, `${NOT_DOWNLOADED}git lfs pull`],
  ["a git-annex pointer", /^\/annex\/objects\/\S+\s*$/, `${NOT_DOWNLOADED}git annex get`],
  ["a DVC file", /^outs:\s*\n- (md5|hash|size|path):/, `${NOT_DOWNLOADED}dvc pull`],
  [
    "an HTML page",
    /^(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)?<(!doctype html|html|head|body)\b/i,
    "the download probably failed; open the file in an editor to see why",
  ],
  ["an HTML table", /^<table\b/i, `${SAVE_SHEET}, or ${TO_CSV}`],
  [
    "an Excel workbook (or another Office document)",
    /^PK\x03\x04([^]*\[Content_Types].xml|([^]*PK\x03\x04)?[^]{26}(xl\/|_rels\/\.rels|docProps\/))/,
    SAVE_SHEET,
  ],
  ["an OpenDocument spreadsheet", /^PK\x03\x04[^]{26}mimetypeapplication\/vnd\.oasis/, SAVE_SHEET],
  ["an Apple Numbers document", /^PK\x03\x04[^]*Index\/[\w/-]+\.iwa/, SAVE_SHEET],
  ["an Excel workbook (or another OLE document)", /^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, SAVE_SHEET],
  ["an Excel workbook of an old version", /^\t[\0\x02\x04\x08][^]\0/, SAVE_SHEET],
  ["an Excel workbook as XML", /^<\?xml[^]*Excel\.Sheet/, SAVE_SHEET],
  ["a Parquet file", /^PAR1[^\t\n\r\x20-\x7e]/, TO_CSV],
  ["an Arrow or Feather file", /^ARROW1\0\0/, TO_CSV],
  ["a Feather file", /^FEA1\0/, TO_CSV],
  ["an ORC file", /^ORC[^ -~\t\r]/, TO_CSV],
  ["an Avro file", /^Obj\x01/, TO_CSV],
  ["an SQLite database", /^SQLite format 3\0/, "export the table as CSV"],
  ["an SPSS file", /^\$FL[23]@/, TO_CSV],
  ["a Stata file", /^(<stata_dta>|[i-s][\x01\x02])/, TO_CSV],
  ["a SAS file", /^[^]{12}\xc2\xea\x81\x60/, TO_CSV],
  ["a SAS transport file", /^HEADER RECORD\*{7}LIB/, TO_CSV],
  ["an R workspace", /^RD[AX][23]\n/, FROM_R],
  ["an R object", /^(X\n\0\0\0[\x02\x03]|A\n[23]\n\d{5,}\n\d{5,}\n)/, FROM_R],
  ["a tar archive", /^[^]{257}ustar/, UNPACK],
  ["a RAR archive", /^Rar!\x1a\x07/, UNPACK],
  ["a text in UTF-32", /^(\xff\xfe\0\0|\0\0\xfe\xff)/, "save it as UTF-8"],
  ["a PDF document", /^%PDF-/, "copy the table into a spreadsheet"],
  ["an RTF document", /^\{\\rtf/, "save it as plain text"],
  ["an ARFF file", /^(%.*[\r\n]\s*)*@relation\s/i, TO_CSV],
  ["an XML document", /^<\?xml\s/i, TO_CSV],
  ["a JSON document", /^(\{\s*["}]|\[\s*([[{]|-?\d[\d.,\s-]*\]\s*$))/, TO_CSV],
  ["an npy file", /^\x93NUMPY/, undefined, "npy"],
  ["a gzip file", /^\x1f\x8b/, DECOMPRESS, "gzip"],
  [
    "a PyTorch file (a zip archive with a pickle)",
    /^PK\x03\x04[^]*\/(data|constants)\.pkl/,
    FROM_PYTORCH,
  ],
  ["a Keras model", /^PK\x03\x04([^]*model\.weights\.h5|[^]{26}metadata\.json)/, FROM_KERAS],
  ["an npz file", /^PK\x03\x04[^]{26}[^\0]{1,255}\.npy/, undefined, "npz"],
  ["a zip archive", /^PK\x03\x04/, UNPACK, "zip"],
  ["an empty zip archive", /^PK\x05\x06/, undefined, "zip"],
  ["a PyTorch file (a pickle)", /^\x80\x02\x8a\nl\xfc\x9cF\xf9 /, FROM_PYTORCH],
  ["a Python pickle", /^\x80[\x02-\x05][\x95}\](cq]/, `${SAVE_ARRAYS}, or ${SAVE_STATE}`],
  ["an HDF5 file", /^\x89HDF\r\n\x1a\n/, FROM_KERAS],
  ["a GGUF file", /^GGUF[^]{3}\0/, "it holds a language model"],
  ["a TensorFlow Lite model", /^[^]{4}TFL3/, "export the model to ONNX"],
  ["a MATLAB file", /^MATLAB 5\.0 MAT-file/, SAVE_ARRAYS],
  ["an xz file", /^\xfd7zXZ\0/, DECOMPRESS],
  ["a zstd file", /^\x28\xb5\x2f\xfd/, DECOMPRESS],
  ["a bzip2 file", /^BZh[1-9]1AY&SY/, DECOMPRESS],
  ["a 7-Zip archive", /^7z\xbc\xaf\x27\x1c/, UNPACK],
  ["a PNG image", /^\x89PNG\r\n\x1a\n/],
  ["a JPEG image", /^\xff\xd8\xff/],
  ["an IDX file", /^\0\0[\x08\x09\x0b-\x0e][\x01-\x04][^]{4}/, undefined, "idx"],
  // field 1 (ir_version, a small varint), then producer_name, the graph, an opset or a doc_string
  ["an ONNX model", /^\x08[\x01-\x14][\x12\x1a"*2:Br]/, undefined, "onnx"],
];

const START = 4096;

/**
 * Returns the kind of file that the bytes are, from their beginning, or undefined when none is
 * recognized: a CSV file, for instance, has no mark. A kind that is returned is near certain.
 * @example
 * recognize(Uint8Array.of(0x1f, 0x8b, 8, 0))?.description; // "a gzip file"
 */
export function recognize(bytes: Uint8Array): FileKind | undefined {
  const start = Array.from(bytes.subarray(0, START), (byte) => String.fromCharCode(byte)).join("");
  // what may precede any text
  const text = start.replace(/^(\xef\xbb\xbf)?\s*/, "");
  const found = SIGNATURES.find(([, pattern]) => pattern.test(start) || pattern.test(text));
  if (found === undefined) return undefined;
  const [description, , advice, kind] = found;
  return { kind, description, advice };
}

/**
 * Throws a FormatError when `bytes` are recognized and not of the kinds given: it names what the
 * file is. Bytes that are not recognized may well be of one of `kinds`.
 */
export function refuseOtherFormats(
  format: string,
  expected: string,
  bytes: Uint8Array,
  kinds: readonly (string | undefined)[] = [format],
): void {
  const found = recognize(bytes);
  if (found === undefined || kinds.includes(found.kind)) return;
  const advice = found.advice === undefined ? "" : `; ${found.advice}`;
  const message = `expected ${expected}, got ${found.description}${advice}`;
  throw new FormatError(format, message, { offset: 0 });
}
