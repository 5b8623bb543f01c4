// Three versions of ONNX Runtime evaluate what netToOnnx writes, and the graphs of
// spec/helpers/onnx-graphs.ts to the results of the nets that netFromOnnx finds in them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Matrix as MatrixType } from "../../lib/index.ts";
import { mixedClassifier } from "../helpers/mixed-table.ts";
import { GRAPHS, type Graph, ROWS } from "../helpers/onnx-graphs.ts";
import {
  classifierToOnnx,
  Matrix,
  netFromOnnx,
  netToOnnx,
  serializeOnnx,
  TwoLayerNet,
} from "./built.ts";

const RUNTIMES = ["onnxruntime-1.10", "onnxruntime-1.17", "onnxruntime-node"];
const folder = mkdtempSync(join(tmpdir(), "twolayer-onnx-"));
after(() => rmSync(folder, { recursive: true }));

export type Input = {
  type: "float32" | "float64" | "string";
  dims: number[];
  data: readonly (number | string)[];
};
type Outputs = Record<string, { dims: number[]; data: (number | string)[] }>;

/** The outputs of each file for its inputs, by the runtime of that name. */
function evaluate(
  runtime: string,
  jobs: readonly { bytes: Uint8Array; inputs: Record<string, Input> }[],
): (Outputs | { error: string })[] {
  const files = jobs.map(({ bytes, inputs }, i) => {
    const file = join(folder, `${runtime}-${i}.onnx`);
    writeFileSync(file, bytes);
    return { file, inputs };
  });
  const script = fileURLToPath(new URL("evaluate.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, runtime], {
    input: JSON.stringify(files),
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  assert.equal(status, 0, `${runtime}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Asserts |a − b| <= tolerance · max(1, |b|) for every element. */
function close(
  actual: readonly (number | string)[],
  expected: ArrayLike<number>,
  tolerance: number,
  where: string,
): void {
  assert.equal(actual.length, expected.length, where);
  actual.forEach((value, i) => {
    const error = Math.abs((value as number) - expected[i]) / Math.max(1, Math.abs(expected[i]));
    assert.ok(error <= tolerance, `${where}: element ${i} expected ${expected[i]}, got ${value}`);
  });
}

const rowsOf = (
  { rows, cols, data }: MatrixType,
  type: "float32" | "float64" = "float64",
): Input => ({
  type,
  dims: [rows, cols],
  data: [...data],
});

for (const runtime of RUNTIMES) {
  test(`${runtime} loads the exports of every kind and finds the net's results`, () => {
    const net = TwoLayerNet.create({ inputSize: 4, hiddenSize: 6, outputSize: 3 });
    const standardize = {
      mean: Matrix.rowVector([1e3, -3, 0, 0.5]),
      std: Matrix.rowVector([2, 0.5, 7, 1]),
    };
    const X = Matrix.fromRows([
      [1001, -3.5, 7, 0.25],
      [997, -2, -14, 1.5],
      [1000, -3, 0, 0.5],
    ]);
    const kinds = (["float64", "float32"] as const).flatMap((dtype) =>
      [undefined, standardize].map((scaling) => ({ dtype, scaling })),
    );
    const results = evaluate(
      runtime,
      kinds.map(({ dtype, scaling }) => ({
        bytes: netToOnnx(net, {
          dtype,
          standardize: scaling,
          outputs: ["scores", "probabilities", "labels"],
        }),
        inputs: { X: rowsOf(X, dtype) },
      })),
    );
    results.forEach((outputs, i) => {
      const { dtype, scaling } = kinds[i];
      const where = `${dtype}, ${scaling === undefined ? "plain" : "standardized"}`;
      assert.ok("scores" in outputs, `${where}: ${(outputs as { error: string }).error}`);
      const input =
        scaling === undefined
          ? X
          : X.map((value, _, j) => (value - scaling.mean.data[j]) / scaling.std.data[j]);
      const tolerance = dtype === "float64" ? 1e-12 : 1e-5;
      close(outputs.scores.data, net.forward(input).scores.data, tolerance, where);
      close(outputs.probabilities.data, net.predictProba(input).data, tolerance, where);
      if (dtype === "float64") assert.deepEqual(outputs.labels.data, [...net.predict(input)]);
    });
  });
}

/** The results of the net that a graph is, as the graph's first output gives them. */
function expectedOf({ net, result, classes }: Graph): (number | string)[] {
  const { scores } = net.forward(ROWS);
  const probabilities = net.predictProba(ROWS);
  const isOne = result === "sigmoid";
  if (result === "labels")
    return Array.from(net.predict(ROWS), (label) => classes?.[label] ?? label);
  if (isOne) return Array.from({ length: ROWS.rows }, (_, i) => probabilities.get(i, 1));
  if (result === "probabilities") return [...probabilities.data];
  if (result === "logProbabilities") return Array.from(probabilities.data, Math.log);
  return [...scores.data];
}

for (const runtime of RUNTIMES) {
  test(`${runtime} evaluates the hand-made graphs to the results of the nets found in them`, () => {
    const results = evaluate(
      runtime,
      GRAPHS.map(({ model }) => ({
        bytes: serializeOnnx(model),
        inputs: {
          x: {
            ...rowsOf(ROWS),
            dims: model.inputs[0].shape.map((size) => (size === "N" ? ROWS.rows : Number(size))),
          },
        },
      })),
    );
    const evaluated = results.filter((outputs, i) => {
      const { name, model, result } = GRAPHS[i];
      const expected = expectedOf({ ...GRAPHS[i], net: netFromOnnx(serializeOnnx(model)) });
      if ("error" in outputs) {
        // Older versions lack some kernels for float64, that of a fused Gemm and Relu among them.
        const reason = /not implemented|find an implementation|only for the following types/i;
        assert.match(String(outputs.error), reason, name);
        return false;
      }
      const { data } = (outputs as Outputs)[model.outputs[0].name];
      // The newest version divides by a constant number less exactly than the older ones.
      const tolerance = name === "Div by 255" ? 1e-6 : 1e-12;
      const isBinaryScore = result === "scores" && data.length === ROWS.rows;
      if (isBinaryScore)
        close(data, expected.filter((_, k) => k % 2 === 1) as number[], tolerance, name);
      else if (result === "labels") assert.deepEqual(data, expected, name);
      else close(data, expected as number[], tolerance, name);
      return true;
    });
    assert.ok(
      evaluated.length >= (runtime === "onnxruntime-node" ? GRAPHS.length : GRAPHS.length / 2),
      `${evaluated.length} of ${GRAPHS.length} evaluated`,
    );
  });
}

/** The table's columns as the inputs of classifierToOnnx. */
function columnInputs({ table, classifier }: ReturnType<typeof mixedClassifier>, dtype: string) {
  const dims = [table.rowCount, 1];
  const cells = <T>(cell: (row: number) => T): T[] =>
    Array.from({ length: table.rowCount }, (_, i) => cell(i));
  return Object.fromEntries(
    classifier.encoding.features.map((feature) => {
      const column = table.columns.indexOf(feature.column);
      return "categories" in feature
        ? [feature.column, { type: "string", dims, data: cells((row) => table.text(row, column)) }]
        : [feature.column, { type: dtype, dims, data: cells((row) => table.number(row, column)) }];
    }),
  ) as Record<string, Input>;
}

for (const runtime of RUNTIMES) {
  test(`${runtime} takes the columns of a CSV model and answers as the classifier does`, () => {
    for (const missing of ["mean", "error"] as const) {
      const mixed = mixedClassifier(missing);
      const { table, classifier } = mixed;
      const dtypes = ["float64", "float32"] as const;
      const results = evaluate(
        runtime,
        dtypes.map((dtype) => ({
          bytes: classifierToOnnx(classifier, { dtype }),
          inputs: columnInputs(mixed, dtype),
        })),
      );
      results.forEach((outputs, i) => {
        assert.ok("classes" in outputs, (outputs as { error: string }).error);
        const tolerance = dtypes[i] === "float64" ? 1e-12 : 1e-5;
        const where = `${missing}, ${dtypes[i]}`;
        close(outputs.probabilities.data, classifier.predictProba(table).data, tolerance, where);
        if (i > 0) return;
        assert.deepEqual(outputs.classes.data, classifier.predict(table));
        const labels = classifier.predict(table).map((name) => classifier.classes.indexOf(name));
        assert.deepEqual(outputs.labels.data, labels);
      });
    }
  });
}
