// Evaluates ONNX files with the ONNX Runtime that the argument names; two versions cannot be loaded
// into one process. Reads [{ file, inputs: { name: { type, dims, data } } }] as JSON from standard
// input and prints, for each file, { name: { dims, data } } or { error }.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const ort = createRequire(import.meta.url)(process.argv[2]);

const ARRAYS = { float32: Float32Array, float64: Float64Array, int64: BigInt64Array };

function tensor({ type, dims, data }) {
  const values = type === "string" ? data : ARRAYS[type].from(data, fromJson(type));
  return new ort.Tensor(type, values, dims);
}

function fromJson(type) {
  return type === "int64" ? BigInt : (value) => (value === null ? NaN : value);
}

const results = [];
for (const { file, inputs } of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    const session = await ort.InferenceSession.create(file);
    const feeds = Object.entries(inputs).map(([name, value]) => [name, tensor(value)]);
    const outputs = await session.run(Object.fromEntries(feeds));
    results.push(
      Object.fromEntries(
        Object.entries(outputs).map(([name, { dims, data }]) => [
          name,
          { dims, data: Array.from(data, (value) => (typeof value === "bigint" ? Number(value) : value)) },
        ]),
      ),
    );
  } catch (error) {
    results.push({ error: String(error) });
  }
}
console.log(JSON.stringify(results));
