import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateSync, gzipSync } from "node:zlib";
import { FormatError } from "../../lib/base/errors.ts";
import { serializeNpy } from "../../lib/formats/npy.ts";
import { serializeNpz } from "../../lib/formats/npz.ts";
import { recognize, refuseOtherFormats } from "../../lib/formats/recognize.ts";
import { serializeSafetensors } from "../../lib/formats/safetensors.ts";
import { writeZip } from "../../lib/formats/zip.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { netToOnnx } from "../../lib/model/net-onnx.ts";
import { randomProblem } from "../helpers/nets.ts";
import { assertThrows } from "../helpers/throws.ts";

const text = (string: string): Uint8Array => new TextEncoder().encode(string);
const latin1 = (string: string): Uint8Array => Uint8Array.from(Buffer.from(string, "latin1"));
const zip = (...names: string[]): Uint8Array =>
  writeZip("test", new Map(names.map((name) => [name, text("content")])));

const EXAMPLES: [Uint8Array, string][] = [
  [gzipSync("1,2\n"), "a gzip file"],
  [
    text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"),
    "a Git LFS pointer",
  ],
  [text("<!DOCTYPE html>\n<html><body>404</body></html>"), "an HTML page"],
  [text("\ufeff\n  <html>"), "an HTML page"],
  [serializeNpy(new Matrix(1, 1)), "an npy file"],
  [serializeNpz({ W1: new Matrix(1, 1) }), "an npz file"],
  [zip("readme.txt"), "a zip archive"],
  [writeZip("test", new Map()), "an empty zip archive"],
  [zip("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook (or another Office document)"],
  [zip("archive/data.pkl"), "a PyTorch file (a zip archive with a pickle)"],
  [zip("metadata.json", "config.json", "model.weights.h5"), "a Keras model"],
  [
    latin1("\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03."),
    "a PyTorch file (a pickle)",
  ],
  [latin1("\x80\x04\x95\x1e\x00\x00\x00"), "a Python pickle"],
  [latin1("\x80\x03}q\x00X"), "a Python pickle"],
  [latin1("\x89HDF\r\n\x1a\n\x00\x00"), "an HDF5 file"],
  [latin1("GGUF\x03\x00\x00\x00"), "a GGUF file"],
  [latin1("\x1c\x00\x00\x00TFL3"), "a TensorFlow Lite model"],
  [latin1("PAR1\x15\x04"), "a Parquet file"],
  [latin1("ARROW1\x00\x00"), "an Arrow or Feather file"],
  [latin1("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an Excel workbook (or another OLE document)"],
  [latin1("SQLite format 3\x00"), "an SQLite database"],
  [zip("_rels/.rels"), "an Excel workbook (or another Office document)"],
  [zip("Index/Document.iwa"), "an Apple Numbers document"],
  [latin1("\t\x08\x08\x00\x00\x05\x05\x00"), "an Excel workbook of an old version"],
  [
    text('<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>'),
    "an Excel workbook as XML",
  ],
  [text("<table><tr><th>a</th></tr></table>"), "an HTML table"],
  [text('<?xml version="1.0"?><!DOCTYPE html PUBLIC>'), "an HTML page"],
  [text("/annex/objects/MD5E-s12--abc.csv\n"), "a git-annex pointer"],
  [text("outs:\n- md5: abc\n  path: data.csv\n"), "a DVC file"],
  [latin1("FEA1\x00\x00"), "a Feather file"],
  [latin1("ORC\n\x0b\x0c"), "an ORC file"],
  [latin1("Obj\x01\x04\x14avro"), "an Avro file"],
  [latin1("$FL2@(#) SPSS DATA FILE"), "an SPSS file"],
  [latin1("$FL3@(#) SPSS DATA FILE"), "an SPSS file"],
  [latin1("<stata_dta><header>"), "a Stata file"],
  [latin1("\x72\x02\x01\x00"), "a Stata file"],
  [latin1(`${"\0".repeat(12)}\xc2\xea\x81\x60\xb3\x14\x11\xcf`), "a SAS file"],
  [latin1("HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"), "a SAS transport file"],
  [latin1("RDX3\nX\n\x00\x00\x00\x03"), "an R workspace"],
  [latin1("X\n\x00\x00\x00\x02"), "an R object"],
  [latin1("A\n3\n262144\n197888\n"), "an R object"],
  [latin1(`data.csv${"\0".repeat(249)}ustar`), "a tar archive"],
  [latin1("Rar!\x1a\x07\x00"), "a RAR archive"],
  [latin1("\xff\xfe\x00\x00a\x00\x00\x00"), "a text in UTF-32"],
  [latin1("\x00\x00\xfe\xff\x00\x00\x00a"), "a text in UTF-32"],
  [text("{\\rtf1\\ansi"), "an RTF document"],
  [text("[1, 2, 3]"), "a JSON document"],
  [latin1("MATLAB 5.0 MAT-file, Platform: GLNXA64"), "a MATLAB file"],
  [latin1("\xfd7zXZ\x00\x00"), "an xz file"],
  [latin1("\x28\xb5\x2f\xfd\x04"), "a zstd file"],
  [latin1("BZh91AY&SY"), "a bzip2 file"],
  [latin1("7z\xbc\xaf\x27\x1c"), "a 7-Zip archive"],
  [latin1("\x89PNG\r\n\x1a\n"), "a PNG image"],
  [latin1("\xff\xd8\xff\xe0"), "a JPEG image"],
  [text("%PDF-1.7\n"), "a PDF document"],
  [serializeSafetensors({ W1: new Matrix(1, 1) }), "a safetensors file"],
  [Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7), "an IDX file"],
  [netToOnnx(randomProblem(1, 1, 2, 2, 2).net), "an ONNX model"],
  [text("% Iris\n%\n@RELATION iris\n\n@ATTRIBUTE x REAL\n"), "an ARFF file"],
  [text('<?xml version="1.0"?>\n<a/>'), "an XML document"],
  [text('{"a": 1}'), "a JSON document"],
  [text('[\n  {"a": 1}\n]'), "a JSON document"],
];

for (const [i, [bytes, description]] of EXAMPLES.entries()) {
  test(`recognize names ${description} (example ${i})`, () => {
    assert.equal(recognize(bytes)?.description, description);
  });
}

test("recognize gives the kind of the files that readers ask for", () => {
  const kinds = EXAMPLES.map(([bytes, description]) => [description, recognize(bytes)?.kind]);
  assert.deepEqual(Object.fromEntries(kinds.filter(([, kind]) => kind !== undefined)), {
    "a gzip file": "gzip",
    "an npy file": "npy",
    "an npz file": "npz",
    "a zip archive": "zip",
    "an empty zip archive": "zip",
    "a safetensors file": "safetensors",
    "an IDX file": "idx",
    "an ONNX model": "onnx",
  });
});

test("recognize takes linear time for lines of the sign that begins comments in ARFF", () => {
  assert.equal(recognize(text("%".repeat(4096))), undefined);
  assert.equal(recognize(text("% %\n".repeat(1024))), undefined);
});

test("recognize names none for CSV files, CIFAR-10 batches and bytes without a mark", () => {
  const unmarked = [
    text("x,y,label\n1,2,a\n"),
    text("version,https\n1,2\n"),
    text("version git-lfs,x\n1,2\n"),
    text("<1,>2\n1,2\n"),
    text("[a],{b}\n1,2\n"),
    text("@home,%away\n1,2\n"),
    text("{0},1\n"),
    Uint8Array.from({ length: 3073 }, (_, i) => i % 10),
    deflateSync("1,2\n"),
    new Uint8Array(0),
    Uint8Array.of(0),
  ];
  for (const bytes of unmarked) assert.equal(recognize(bytes), undefined, `${bytes.slice(0, 9)}`);
});

test("recognize names every fixture by its format", () => {
  const folder = (name: string): URL => new URL(`../fixtures/${name}/`, import.meta.url);
  for (const format of ["npy", "npz", "onnx", "safetensors"]) {
    const names = readdirSync(folder(format)).filter((name) => name.endsWith(`.${format}`));
    assert.ok(names.length > 0);
    for (const name of names) {
      if (name === "nothing.npz") continue; // an archive without entries has no names
      assert.equal(recognize(readFileSync(new URL(name, folder(format))))?.kind, format, name);
    }
  }
  for (const name of readdirSync(folder("data")).filter((name) => name.endsWith(".csv")))
    assert.equal(recognize(readFileSync(new URL(name, folder("data")))), undefined, name);
});

test("refuseOtherFormats says what was found and what to do, and accepts the kinds given", () => {
  const gzip = gzipSync("");
  assertThrows(
    () => refuseOtherFormats("idx", "an IDX file", gzip),
    FormatError,
    "idx: expected an IDX file, got a gzip file; decompress it first (byte 0)",
  );
  assertThrows(
    () => refuseOtherFormats("csv", "a CSV file", text("%PDF-")),
    FormatError,
    "csv: expected a CSV file, got a PDF document; copy the table into a spreadsheet (byte 0)",
  );
  refuseOtherFormats("idx", "an IDX file", gzip, ["idx", "gzip"]);
  refuseOtherFormats("npy", "an npy file", serializeNpy(new Matrix(1, 1)));
  refuseOtherFormats("csv", "a CSV file", text("a,b\n"));
});
