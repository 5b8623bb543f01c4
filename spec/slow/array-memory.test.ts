// Arrays take memory in proportion to their bytes: an npy file its own size once more, a compressed
// npz no more than the arrays that are asked for.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { ROOT } from "../helpers/sources.ts";

const address = (path: string): string =>
  JSON.stringify(pathToFileURL(join(ROOT, "lib", path)).href);

/** The peak of the process's memory in MB after it has run the code, less that before. */
function peakOf(code: string): number {
  const program = `
    import { deflateRawSync, inflateRawSync } from "node:zlib";
    const { parseNpy, serializeNpy } = await import(${address("formats/npy.ts")});
    const { parseNpz, serializeNpz } = await import(${address("formats/npz.ts")});
    const { readForeignNet } = await import(${address("model/foreign-net.ts")});
    const before = process.resourceUsage().maxRSS;
    ${code}
    console.log((process.resourceUsage().maxRSS - before) / 1024);
  `;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "-e", program],
    { cwd: ROOT, encoding: "utf8" },
  );
  assert.match(stdout, /^[\d.]+\n$/, stderr);
  return Number(stdout);
}

test("parseNpy takes at most 2.2 times the size of a float32 file, the file included", () => {
  const MB = 300;
  const peak = peakOf(`
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (75, 1000000), }";
    const bytes = new Uint8Array(128 + 4 * 75e6).fill(1);
    bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
    bytes.set(new TextEncoder().encode(header.padEnd(118)), 10);
    if (parseNpy(bytes).data.length !== 75e6) throw new Error("another length");
  `);
  assert.ok(peak > MB && peak < 2.2 * MB, `${peak} MB`);
});

test("Arrays of an npz that nobody asks for are not unpacked", () => {
  const peak = peakOf(`
    const zeros = { shape: [50e6], data: new Uint8Array(50e6) };
    const one = { shape: [1], data: new Float64Array(1) };
    const file = serializeNpz({ zeros, one }, { dtype: "uint8", deflate: deflateRawSync });
    if (file.length > 1e5) throw new Error("not compressed");
    global.file = file;
    const made = process.resourceUsage().maxRSS;
    parseNpz(file, { inflate: inflateRawSync, names: ["one"] });
    try {
      readForeignNet("npz", file, { inflate: inflateRawSync });
    } catch {}
    if (process.resourceUsage().maxRSS - made > 20e3) throw new Error("unpacked");
  `);
  assert.ok(peak > 0);
});
