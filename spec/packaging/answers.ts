// What program.js must answer.
import assert from "node:assert/strict";

export type Answer = {
  product: boolean;
  accuracy: number;
  valAccuracy: number;
  kernel: string;
  threads: number;
  notes: string[];
};

const RIGHT = { product: true, accuracy: 1, valAccuracy: 1, kernel: "simd" };

/** Asserts the answer of an engine that has threads. */
export function assertThreads(answer: Answer): void {
  assert.deepEqual(answer, { ...RIGHT, threads: 2, notes: [] });
}

/** Asserts the answer of a bundle that has threads, but not the file of a search's workers. */
export function assertThreadsAlone(answer: Answer): void {
  const missing = "this bundle has no file search-worker.cjs";
  const notes = [`search: 0 of 2 worker threads (${missing})`];
  assert.deepEqual(answer, { ...RIGHT, threads: 2, notes });
}

/** Asserts the answer of a page: right, by one thread, which the notes say. */
export function assertOneThread(answer: Answer): void {
  const { notes, ...rest } = answer;
  assert.deepEqual(rest, { ...RIGHT, threads: 1 });
  assert.deepEqual(
    notes.map((note) => note.split(":")[0]),
    ["threads", "search"],
  );
}
