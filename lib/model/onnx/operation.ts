// An ONNX node as the operators of a two-layer net see it: its attributes, and what its inputs
// stand for (values.ts).

import type { OnnxNode } from "../../formats/onnx/onnx.ts";
import type { StoredTensor } from "../../formats/tensor.ts";
import type { Matrix } from "../../matrix/matrix.ts";
import { weightMatrix } from "../net-tensors.ts";
import { describe, Refusal, type Value } from "./values.ts";

/** A node with the values of its inputs (undefined for one that is left out). */
export type Operation = { node: OnnxNode; inputs: readonly (Value | undefined)[]; opset: number };

/**
 * Returns the value of the node's first output; `value` is that of its first input. Throws Refusal
 * for what no net computes.
 */
export type Operator = (value: Value, operation: Operation) => Value;

/** Operators by name with the attributes that each may have. */
export type Operators = { readonly [name: string]: readonly [Operator, ...string[]] };

type Attributes = { int: number; float: number; ints: number[]; floats: number[] };

/** The value of an attribute, undefined without it; throws Refusal for one of another kind. */
export function attribute<K extends keyof Attributes>(
  { node }: Operation,
  kind: K,
  name: string,
): Attributes[K] | undefined {
  const found = node.attributes.get(name) as Partial<Attributes> | undefined;
  if (found === undefined || found[kind] !== undefined) return found?.[kind];
  throw new Refusal(`expected the attribute ${name} to be of type ${kind}`);
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
    throw new Refusal(`expected a constant as ${what}, got ${describe(value.kind)}`);
  const { tensor } = value;
  if (tensor.dtype === "text") throw new Refusal(`expected numbers as ${what}, got text`);
  return tensor;
}

/** A value that must be constant numbers of two dimensions. */
export function matrix(value: Value, what: string): Matrix {
  return weightMatrix(numbers(value, what), (reason) => new Refusal(reason));
}
