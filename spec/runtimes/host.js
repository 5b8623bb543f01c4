// Runs the program in Node, Deno or Bun, and prints its report as one line of JSON.
import { readFileSync } from "node:fs";

const getBuiltin = process.getBuiltinModule;
const touched = [];
process.getBuiltinModule = (name) => {
  touched.push(name);
  return getBuiltin.call(process, name);
};
const twolayer = await import("../../dist/index.js");
process.getBuiltinModule = getBuiltin;
if (touched.length > 0) throw new Error(`importing the package asked for ${touched.join(", ")}`);

const { run } = await import("./program.js");
const digits = readFileSync(new URL("../../examples/digits/digits.csv", import.meta.url), "utf8");
const version = globalThis.Deno?.version.deno ?? globalThis.Bun?.version ?? process.versions.node;
console.log(JSON.stringify({ version, ...(await run(twolayer, digits)) }));
