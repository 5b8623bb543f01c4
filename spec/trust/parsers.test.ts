// The attacks of properties/parsers.ts, 400 on each reader; spec/slow/fuzz.test.ts makes 10 000.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../lib/base/errors.ts";
import { parseOnnx, serializeOnnx } from "../../lib/formats/onnx/onnx.ts";
import { netFromOnnx, netToOnnx } from "../../lib/model/net-onnx.ts";
import { netFromTensors } from "../../lib/model/net-tensors.ts";
import { randomProblem } from "../helpers/nets.ts";
import { assertThrows } from "../helpers/throws.ts";
import { models } from "./properties/models.ts";
import { FORMATS, parsers } from "./properties/parsers.ts";

test("The files that are attacked are valid, except for those called refused", () => {
  const valid = FORMATS.map(
    ({ files, parse }) =>
      files.filter((file) => {
        try {
          return parse(file) !== undefined;
        } catch {
          return false;
        }
      }).length,
  );
  FORMATS.forEach(({ name, files }, i) =>
    assert.ok(valid[i] >= files.length / 2, `${name}: ${valid[i]} of ${files.length}`),
  );
});

for (const { title, runs, check } of [...parsers, ...models]) test(title, () => check(runs));

test("Messages escape control characters of names that come from files", () => {
  const cube = { shape: [1, 1, 1], data: Float64Array.of(1) };
  const linear = { shape: [1, 1], data: Float64Array.of(1) };
  assertThrows(
    () => netFromTensors({ "\u009b2J.weight": cube, "2.weight": linear }),
    FormatError,
    'tensors: "\\u009b2J.weight", expected a weight of 2 dimensions >= 1, got shape (1, 1, 1)',
  );
  const model = parseOnnx(netToOnnx(randomProblem(1, 1, 2, 2, 2).net));
  const nodes = model.nodes.map((node) =>
    node.op === "MatMul" ? { ...node, name: "\u001b[2J", inputs: ["X", "X"] } : node,
  );
  assertThrows(
    () => netFromOnnx(serializeOnnx({ ...model, nodes })),
    FormatError,
    'onnx: node 3, "\\u001b[2J": MatMul expected a constant as the weight, got the input',
  );
  const renamed = model.nodes.map((node) =>
    node.op === "Relu" ? { ...node, op: "\u001b[2J" } : node,
  );
  assertThrows(
    () => netFromOnnx(serializeOnnx({ ...model, nodes: renamed })),
    FormatError,
    'onnx: node 2, "hidden": "\\u001b[2J" is no part of a two-layer ReLU net',
  );
});
