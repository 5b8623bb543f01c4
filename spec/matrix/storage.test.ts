import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { allocate, sharedArray } from "../../lib/matrix/storage.ts";
import { assertThrows } from "../helpers/throws.ts";
import { lib, runProgram } from "../kernels/processes.ts";

test("allocate names the shape for which there is no memory", () => {
  assertThrows(
    () => allocate(2 ** 40, 2 ** 10),
    RangeError,
    "Matrix: no room for 1099511627776×1024 (8.39e+6 GiB)",
  );
});

test("sharedArray gives zeros that no other array has, at every size", () => {
  const arrays: Float64Array[] = [];
  for (let turn = 0; turn < 2000; turn++) {
    const size = 9 + (turn % 1016);
    const array = sharedArray(size)!;
    assert.equal(array.length, size);
    assert.ok(array.every((value) => value === 0));
    array.fill(turn + 1);
    arrays.push(array);
  }
  for (const [turn, array] of arrays.entries())
    assert.ok(
      array.every((value) => value === turn + 1),
      `array ${turn} was overwritten`,
    );
});

test("Only results of 9 to 1024 elements share a buffer", () => {
  const shares = (size: number): boolean => {
    const { data } = Matrix.filled(1, size, 1).scale(2);
    return data.byteLength < data.buffer.byteLength;
  };
  assert.deepEqual([8, 9, 1024, 1025].map(shares), [false, true, true, false]);
});

test("Matrices that are made, not computed, have buffers of their own", () => {
  const a = Matrix.filled(4, 4, 2);
  const made = {
    zeros: new Matrix(4, 4),
    filled: a,
    identity: Matrix.identity(4),
    fromRows: Matrix.fromRows(a.toRows()),
    clone: a.matmul(a).clone(),
  };
  for (const [name, { data }] of Object.entries(made))
    assert.equal(data.buffer.byteLength, 128, name);
});

test("Transferring a result to another thread takes no other result along", () => {
  const a = Matrix.filled(4, 4, 2);
  const [first, second] = [a.matmul(a), a.add(a)];
  assert.equal(first.data.buffer, second.data.buffer);
  try {
    structuredClone(first.data, { transfer: [first.data.buffer as ArrayBuffer] });
  } catch (error) {
    assert.equal((error as Error).name, "DataCloneError"); // Node 21 and later
  }
  assert.deepEqual({ first: first.get(3, 3), second: second.get(3, 3) }, { first: 16, second: 4 });
});

test("Results have a new buffer after one was transferred that could not be marked", async () => {
  const source = `
    const { Matrix } = await import(${JSON.stringify(lib("core.ts"))});
    process.getBuiltinModule = undefined; // as in a page, where no buffer can be marked
    const a = Matrix.filled(4, 4, 2);
    const before = a.matmul(a);
    structuredClone(before.data, { transfer: [before.data.buffer] });
    const after = [a.matmul(a), a.add(a)];
    console.log(JSON.stringify([before.data.length, ...after.map((result) => result.sum())]));
  `;
  assert.deepEqual(JSON.parse(await runProgram(source)), [0, 256, 64]);
});

test("An out that shares elements with an operand is found, however it came about", () => {
  const whole = Matrix.filled(8, 4, 1);
  const half = whole.sliceRows(0, 4);
  const again = new Matrix(4, 4, half.data);
  const message =
    "matmul: expected an out with memory of its own, got one that shares memory with b";
  for (const [b, out] of [
    [half, half],
    [half, again],
    [again, half],
    [half, whole.sliceRows(3, 7)],
  ])
    assertThrows(() => Matrix.identity(4).matmul(b, { out }), RangeError, message);
  const product = Matrix.identity(4).matmul(half);
  assertThrows(() => Matrix.identity(4).matmul(product, { out: product }), RangeError, message);
  const exchanged = new Matrix(4, 4);
  (exchanged as { data: Float64Array }).data = product.data;
  assertThrows(() => Matrix.identity(4).matmul(product, { out: exchanged }), RangeError, message);
});
