// An ONNX node as the operators of a two-layer net see it: its attributes, and what its inputs
// stand for (values.ts).

import type { OnnxNode } from "../../formats/onnx/onnx.ts";
import type { StoredTensor } from "../../formats/tensor.ts";
import { describe, Refusal, type Value } from "./values.ts";

/** A node with the values of its inputs (undefined for one that is left out). */
export type Operation = { node: OnnxNode; inputs: readonly (Value | undefined)[]; opset: number };

/** Returns the value of the node's first output; throws Refusal for what no net computes. */
export type Operator = (operation: Operation) => Value;

/** An attribute that is one integer. */
export function int({ node }: Operation, name: string, missing: number): number {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return missing;
  if ("int" in attribute) return attribute.int;
  throw new Refusal(`expected an integer as ${name}`);
}

/** An attribute that is one float. */
export function float({ node }: Operation, name: string, missing: number): number {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return missing;
  if ("float" in attribute) return attribute.float;
  throw new Refusal(`expected a float as ${name}`);
}

/** The value of an input that must be there. */
export function input({ inputs }: Operation, index: number): Value {
  const value = inputs[index];
  if (value === undefined) throw new Refusal(`expected an input ${index}, got none`);
  return value;
}

/** The numbers of a value that must be constant. */
export function numbers(value: Value, what: string): StoredTensor {
  if (value.kind !== "constant")
    throw new Refusal(`expected a constant as ${what}, got ${describe(value)}`);
  if (value.tensor.dtype === "text") throw new Refusal(`expected numbers as ${what}, got text`);
  return value.tensor;
}
