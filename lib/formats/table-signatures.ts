// Signatures of files that hold tables in another form than CSV, or that stand in a table's place:
// a web page, a pointer to a file that was not downloaded.

import { begins, holds, reads, type Signature, says } from "./signature.ts";

const SAVE_SHEET = "save the sheet as CSV";
const CONVERT = "convert it to CSV";
const WRITE_FROM_R = "write the table as CSV, in R with write.csv";
const DOWNLOAD_FAILED = "the download probably failed; open the file in an editor to see why";

/** A signature by a test; special kinds stand before general ones. */
const signature = (
  kind: string,
  description: string,
  matches: Signature["matches"],
  advice?: string,
): Signature => ({ kind, description, matches, advice });

const isSas: Signature["matches"] = ({ bytes }) =>
  [0xc2, 0xea, 0x81, 0x60].every((byte, i) => bytes[12 + i] === byte);
const isUtf32: Signature["matches"] = ({ latin1 }) =>
  latin1.startsWith("\xff\xfe\0\0") || latin1.startsWith("\0\0\xfe\xff");
const isTar = says("ustar", 257);
const hasRSave = reads(/^RD[AX][23]\n/);
const hasR: Signature["matches"] = ({ latin1 }) =>
  /^X\n\0\0\0[\x02\x03]|^A\n[23]\n\d{5,}\n\d{5,}\n/.test(latin1);

/** The kinds, the first that matches counts. */
export const TABLE_SIGNATURES: readonly Signature[] = [
  signature(
    "lfs",
    "a Git LFS pointer",
    reads(/^version \S*\/git-lfs\.\S*\n/),
    "the file itself was not downloaded; run git lfs pull",
  ),
  signature(
    "annex",
    "a git-annex pointer",
    reads(/^\/annex\/objects\/\S+\s*$/),
    "the file itself was not downloaded; run git annex get",
  ),
  signature(
    "dvc",
    "a DVC file",
    reads(/^outs:\s*\n- (?:md5|hash|size|path):/),
    "the file itself was not downloaded; run dvc pull",
  ),
  signature(
    "html",
    "an HTML page",
    reads(/^(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)?<(?:!doctype html|html|head|body)\b/i),
    DOWNLOAD_FAILED,
  ),
  signature("html", "an HTML table", reads(/^<table\b/i), `${SAVE_SHEET}, or ${CONVERT}`),
  signature(
    "xlsx",
    "an Excel workbook (or another Office document)",
    holds(/\[Content_Types\]\.xml|PK\x03\x04[^]{26}(?:xl\/|_rels\/\.rels|docProps\/)/),
    SAVE_SHEET,
  ),
  signature(
    "ods",
    "an OpenDocument spreadsheet",
    holds(/^[^]{30}mimetypeapplication\/vnd\.oasis/),
    SAVE_SHEET,
  ),
  signature("numbers", "an Apple Numbers document", holds(/Index\/[\w/-]+\.iwa/), SAVE_SHEET),
  signature(
    "xls",
    "an Excel workbook (or another OLE document)",
    begins(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1),
    SAVE_SHEET,
  ),
  signature(
    "xls",
    "an Excel workbook of an old version",
    ({ bytes }) => bytes[0] === 9 && [0, 2, 4, 8].includes(bytes[1]) && bytes[3] === 0,
    SAVE_SHEET,
  ),
  signature("xls", "an Excel workbook as XML", reads(/^<\?xml[^]*Excel\.Sheet/), SAVE_SHEET),
  signature(
    "parquet",
    "a Parquet file",
    ({ latin1 }) => /^PAR1[^\t\n\r\x20-\x7e]/.test(latin1),
    CONVERT,
  ),
  signature("arrow", "an Arrow or Feather file", says("ARROW1\0\0"), CONVERT),
  signature("arrow", "a Feather file", says("FEA1\0"), CONVERT),
  signature("orc", "an ORC file", ({ latin1 }) => /^ORC[^ -~\t\r]/.test(latin1), CONVERT),
  signature("avro", "an Avro file", says("Obj\x01"), CONVERT),
  signature("sqlite", "an SQLite database", says("SQLite format 3\0"), "export the table as CSV"),
  signature("spss", "an SPSS file", ({ latin1 }) => /^\$FL[23]@/.test(latin1), CONVERT),
  signature("stata", "a Stata file", says("<stata_dta>"), CONVERT),
  signature(
    "stata",
    "a Stata file",
    ({ bytes }) => bytes[0] >= 0x69 && bytes[0] <= 0x73 && [1, 2].includes(bytes[1]),
    CONVERT,
  ),
  signature("sas", "a SAS file", isSas, CONVERT),
  signature("sas", "a SAS transport file", says("HEADER RECORD*******LIB"), CONVERT),
  signature("r", "an R workspace", hasRSave, WRITE_FROM_R),
  signature("r", "an R object", hasR, WRITE_FROM_R),
  signature("tar", "a tar archive", isTar, "unpack it first"),
  signature("rar", "a RAR archive", says("Rar!\x1a\x07"), "unpack it first"),
  signature("utf32", "a text in UTF-32", isUtf32, "save it as UTF-8"),
  signature("pdf", "a PDF document", says("%PDF-"), "copy the table into a spreadsheet"),
  signature("rtf", "an RTF document", says("{\\rtf"), "save it as plain text"),
  signature("arff", "an ARFF file", reads(/^(%.*\s*)*@relation\s/i), CONVERT),
  signature("xml", "an XML document", reads(/^<\?xml\s/i), CONVERT),
  signature(
    "json",
    "a JSON document",
    reads(/^(?:\{\s*["}]|\[\s*(?:[[{]|-?\d[\d.,\s-]*\]\s*$))/),
    CONVERT,
  ),
];
