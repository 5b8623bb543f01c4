import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateSync, gzipSync } from "node:zlib";
import { serializeNpy } from "../../lib/formats/npy.ts";
import { serializeNpz } from "../../lib/formats/npz.ts";
import { otherFormat, recognize } from "../../lib/formats/recognize.ts";
import { serializeSafetensors } from "../../lib/formats/safetensors.ts";
import { writeZip } from "../../lib/formats/zip.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { netToOnnx } from "../../lib/model/net-onnx.ts";
import { randomProblem } from "../helpers/nets.ts";

const text = (string: string): Uint8Array => new TextEncoder().encode(string);
const latin1 = (string: string): Uint8Array => Uint8Array.from(Buffer.from(string, "latin1"));
const zip = (...names: string[]): Uint8Array =>
  writeZip("test", new Map(names.map((name) => [name, text("content")])));

const EXAMPLES: [string, Uint8Array, string][] = [
  ["gzip", gzipSync("1,2\n"), "a gzip file"],
  [
    "lfs",
    text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"),
    "a Git LFS pointer",
  ],
  ["html", text("<!DOCTYPE html>\n<html><body>404</body></html>"), "an HTML page"],
  ["html", text("\ufeff\n  <html>"), "an HTML page"],
  ["npy", serializeNpy(new Matrix(1, 1)), "an npy file"],
  ["npz", serializeNpz({ W1: new Matrix(1, 1) }), "an npz file"],
  ["zip", zip("readme.txt"), "a zip archive"],
  ["zip", writeZip("test", new Map()), "an empty zip archive"],
  [
    "xlsx",
    zip("[Content_Types].xml", "xl/workbook.xml"),
    "an Excel workbook (or another Office document)",
  ],
  ["pytorch", zip("archive/data.pkl"), "a PyTorch file (a zip archive with a pickle)"],
  ["keras", zip("metadata.json", "config.json", "model.weights.h5"), "a Keras model"],
  [
    "pytorch",
    latin1("\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03."),
    "a PyTorch file (a pickle)",
  ],
  ["pickle", latin1("\x80\x04\x95\x1e\x00\x00\x00"), "a Python pickle"],
  ["pickle", latin1("\x80\x03}q\x00X"), "a Python pickle"],
  ["hdf5", latin1("\x89HDF\r\n\x1a\n\x00\x00"), "an HDF5 file"],
  ["gguf", latin1("GGUF\x03\x00\x00\x00"), "a GGUF file"],
  ["tflite", latin1("\x1c\x00\x00\x00TFL3"), "a TensorFlow Lite model"],
  ["parquet", latin1("PAR1\x15\x04"), "a Parquet file"],
  ["arrow", latin1("ARROW1\x00\x00"), "an Arrow or Feather file"],
  [
    "xls",
    latin1("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "an Excel workbook (or another OLE document)",
  ],
  ["sqlite", latin1("SQLite format 3\x00"), "an SQLite database"],
  ["xlsx", zip("_rels/.rels"), "an Excel workbook (or another Office document)"],
  ["numbers", zip("Index/Document.iwa"), "an Apple Numbers document"],
  ["xls", latin1("\t\x08\x08\x00\x00\x05\x05\x00"), "an Excel workbook of an old version"],
  [
    "xls",
    text('<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>'),
    "an Excel workbook as XML",
  ],
  ["html", text("<table><tr><th>a</th></tr></table>"), "an HTML table"],
  ["html", text('<?xml version="1.0"?><!DOCTYPE html PUBLIC>'), "an HTML page"],
  ["annex", text("/annex/objects/MD5E-s12--abc.csv\n"), "a git-annex pointer"],
  ["dvc", text("outs:\n- md5: abc\n  path: data.csv\n"), "a DVC file"],
  ["arrow", latin1("FEA1\x00\x00"), "a Feather file"],
  ["orc", latin1("ORC\n\x0b\x0c"), "an ORC file"],
  ["avro", latin1("Obj\x01\x04\x14avro"), "an Avro file"],
  ["spss", latin1("$FL2@(#) SPSS DATA FILE"), "an SPSS file"],
  ["spss", latin1("$FL3@(#) SPSS DATA FILE"), "an SPSS file"],
  ["stata", latin1("<stata_dta><header>"), "a Stata file"],
  ["stata", latin1("\x72\x02\x01\x00"), "a Stata file"],
  ["sas", latin1(`${"\0".repeat(12)}\xc2\xea\x81\x60\xb3\x14\x11\xcf`), "a SAS file"],
  ["sas", latin1("HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"), "a SAS transport file"],
  ["r", latin1("RDX3\nX\n\x00\x00\x00\x03"), "an R workspace"],
  ["r", latin1("X\n\x00\x00\x00\x02"), "an R object"],
  ["r", latin1("A\n3\n262144\n197888\n"), "an R object"],
  ["tar", latin1(`data.csv${"\0".repeat(249)}ustar`), "a tar archive"],
  ["rar", latin1("Rar!\x1a\x07\x00"), "a RAR archive"],
  ["utf32", latin1("\xff\xfe\x00\x00a\x00\x00\x00"), "a text in UTF-32"],
  ["utf32", latin1("\x00\x00\xfe\xff\x00\x00\x00a"), "a text in UTF-32"],
  ["rtf", text("{\\rtf1\\ansi"), "an RTF document"],
  ["json", text("[1, 2, 3]"), "a JSON document"],
  ["matlab", latin1("MATLAB 5.0 MAT-file, Platform: GLNXA64"), "a MATLAB file"],
  ["xz", latin1("\xfd7zXZ\x00\x00"), "an xz file"],
  ["zstd", latin1("\x28\xb5\x2f\xfd\x04"), "a zstd file"],
  ["bzip2", latin1("BZh91AY&SY"), "a bzip2 file"],
  ["7z", latin1("7z\xbc\xaf\x27\x1c"), "a 7-Zip archive"],
  ["png", latin1("\x89PNG\r\n\x1a\n"), "a PNG image"],
  ["jpeg", latin1("\xff\xd8\xff\xe0"), "a JPEG image"],
  ["pdf", text("%PDF-1.7\n"), "a PDF document"],
  ["safetensors", serializeSafetensors({ W1: new Matrix(1, 1) }), "a safetensors file"],
  ["idx", Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7), "an IDX file"],
  ["onnx", netToOnnx(randomProblem(1, 1, 2, 2, 2).net), "an ONNX model"],
  ["arff", text("% Iris\n%\n@RELATION iris\n\n@ATTRIBUTE x REAL\n"), "an ARFF file"],
  ["xml", text('<?xml version="1.0"?>\n<a/>'), "an XML document"],
  ["json", text('{"a": 1}'), "a JSON document"],
  ["json", text('[\n  {"a": 1}\n]'), "a JSON document"],
];

for (const [kind, bytes, description] of EXAMPLES) {
  test(`recognize names ${description}: ${JSON.stringify(kind)}`, () => {
    const found = recognize(bytes);
    assert.equal(found?.kind, kind);
    assert.equal(found?.description, description);
  });
}

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

test("otherFormat says what was found and what to do, and accepts the kinds it is given", () => {
  const gzip = gzipSync("");
  const error = otherFormat("idx", "an IDX file", gzip);
  assert.equal(
    error?.message,
    "idx: expected an IDX file, got a gzip file; decompress it first (byte 0)",
  );
  assert.equal(error?.offset, 0);
  assert.equal(otherFormat("idx", "an IDX file", gzip, ["idx", "gzip"]), undefined);
  assert.equal(otherFormat("npy", "an npy file", serializeNpy(new Matrix(1, 1))), undefined);
  assert.equal(otherFormat("csv", "a CSV file", text("a,b\n")), undefined);
});
