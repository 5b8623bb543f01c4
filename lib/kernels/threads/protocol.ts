// What the threads of a crew tell each other, in the first 8 KiB of the memory they share.
//
// The main thread publishes bands of work under consecutive tickets; whoever is free takes the next
// one, the main thread too. Tickets count on from product to product and may wrap around 2^32: only
// their differences are looked at.
//
//   word 0          LIMIT   tickets below it are published; idle workers sleep on this word
//   word 16         NEXT    the next ticket to take, by compare-and-swap
//   word 32         STATUS 0, or the length of the text behind the bands: the exception that a
//                   worker met
//   words 48..111   SHARE for each worker, 0 until it has started, then 1 and 1 more for each band
//                   it has computed
//   words 112..175  DONE for ticket t, at t mod 64: t + 1 once it is computed; the main thread
//                   sleeps on these words
//   words 176..     BANDS   for ticket t, at t mod 64: what writeBand wrote
//
// LIMIT, NEXT and STATUS are on cache lines of their own. Atomic accesses order the plain ones
// around them: who sees a ticket below LIMIT sees its band and operands, and who sees it DONE sees
// its result.
import { TASK_WORDS } from "../wasm/band.ts";

export const CONTROL_BYTES = 8192;
export const MAX_THREADS = 64;

/** Bands that may be under way at once. */
export const TICKETS = 64;

const LIMIT = 0;
const NEXT = 16;
const STATUS = 32;
const DONE_COUNT = 48;
const DONE = 112;
const BANDS = 176;

/** Where the text begins, in bytes. */
export const TEXT = 4 * (BANDS + TICKETS * TASK_WORDS);

/** What a worker is started with. */
export type Start = { module: WebAssembly.Module; memory: WebAssembly.Memory; index: number };

export type Words = Int32Array<SharedArrayBuffer>;

export function controlWords(memory: WebAssembly.Memory): Words {
  return new Int32Array(
    memory.buffer as ArrayBufferLike as SharedArrayBuffer,
    0,
    CONTROL_BYTES / 4,
  );
}

const slot = (ticket: number): number => ticket & (TICKETS - 1);

/** Before the first ticket: all earlier ones count as done. */
export function open(words: Words): void {
  for (let t = 0; t < TICKETS; t++) words[DONE + t] = t - TICKETS + 1;
}

/** Where the band of a ticket is written. */
export const bandAt = (ticket: number): number => BANDS + slot(ticket) * TASK_WORDS;

/** Publishes the ticket after the last one, and wakes a worker for it. */
export function publish(words: Words, ticket: number): void {
  Atomics.store(words, LIMIT, (ticket + 1) | 0);
  Atomics.notify(words, LIMIT, 1);
}

/** Takes the next published ticket; undefined when all are taken. */
export function take(words: Words): number | undefined {
  for (;;) {
    const ticket = Atomics.load(words, NEXT);
    if (((Atomics.load(words, LIMIT) - ticket) | 0) <= 0) return undefined;
    if (Atomics.compareExchange(words, NEXT, ticket, (ticket + 1) | 0) === ticket) return ticket;
  }
}

/** Sleeps until there may be a ticket to take. */
export function sleep(words: Words): void {
  const limit = Atomics.load(words, LIMIT);
  if (((limit - Atomics.load(words, NEXT)) | 0) <= 0) Atomics.wait(words, LIMIT, limit);
}

export function markDone(words: Words, ticket: number): void {
  Atomics.store(words, DONE + slot(ticket), (ticket + 1) | 0);
  Atomics.notify(words, DONE + slot(ticket));
}

export function isDone(words: Words, ticket: number): boolean {
  return ((Atomics.load(words, DONE + slot(ticket)) - (ticket + 1)) | 0) >= 0;
}

/**
 * Sleeps until the ticket is done, a worker has failed or the time is over; false in the last case.
 */
export function awaitDone(words: Words, ticket: number, milliseconds: number): boolean {
  const word = DONE + slot(ticket);
  const seen = Atomics.load(words, word);
  if (((seen - (ticket + 1)) | 0) >= 0) return true;
  return Atomics.wait(words, word, seen, milliseconds) !== "timed-out";
}

/** Counts for a worker: once when it has started, and once for each band. */
export function countTask(words: Words, worker: number): void {
  Atomics.add(words, DONE_COUNT + worker, 1);
}

/** What it has counted so far. */
export function tasksDone(words: Words, worker: number): number {
  return Atomics.load(words, DONE_COUNT + worker);
}

/** A worker is about to start in the place of another. */
export function resetCount(words: Words, worker: number): void {
  Atomics.store(words, DONE_COUNT + worker, 0);
}

/** Leaves the text of a worker's exception for the main thread; the first one stays. */
export function fail(words: Words, text: string): void {
  const bytes = new TextEncoder().encode(text).subarray(0, CONTROL_BYTES - TEXT);
  if (Atomics.load(words, STATUS) === 0) {
    new Uint8Array(words.buffer, TEXT).set(bytes);
    Atomics.store(words, STATUS, Math.max(1, bytes.length));
  }
}

/** The text that fail left, if any. */
export function failure(words: Words): string | undefined {
  const length = Atomics.load(words, STATUS);
  // A copy: TextDecoder refuses shared memory.
  return length === 0
    ? undefined
    : new TextDecoder().decode(new Uint8Array(words.buffer, TEXT, length).slice());
}
