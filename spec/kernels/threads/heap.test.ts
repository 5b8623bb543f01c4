import assert from "node:assert/strict";
import { test } from "node:test";
import { Heap } from "../../../lib/kernels/threads/heap.ts";

const memoryOf = (pages: number, maximum = 100): WebAssembly.Memory =>
  new WebAssembly.Memory({ initial: pages, maximum, shared: true });

test("Regions are apart from each other, and what is free is used again", () => {
  const heap = new Heap(memoryOf(2), 1024);
  assert.equal(heap.isEmpty, true);
  const [a, b, c] = [heap.take(100)!, heap.take(64)!, heap.take(1)!];
  assert.deepEqual({ a, b, c }, { a: 1024, b: 1152, c: 1216 });
  heap.free(b);
  assert.equal(heap.take(65), 1280);
  assert.equal(heap.take(64), b);
  for (const at of [a, b, c, 1280]) heap.free(at);
  assert.equal(heap.isEmpty, true);
  assert.equal(heap.take(1), 1024);
});

test("The memory grows by what is missing, up to its maximum", () => {
  const memory = memoryOf(2, 10);
  const heap = new Heap(memory, 65536);
  assert.equal(heap.take(65536), 65536);
  assert.equal(memory.buffer.byteLength, 2 * 65536);
  assert.equal(heap.take(1), 2 * 65536);
  assert.equal(memory.buffer.byteLength, 3 * 65536);
  assert.equal(heap.take(20 * 65536), undefined);
  assert.equal(heap.take(7 * 65536), 2 * 65536 + 64);
  assert.equal(memory.buffer.byteLength, 10 * 65536);
});
