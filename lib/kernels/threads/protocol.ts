// What the threads of a pool tell each other, in the first 8 KiB of the memory they share.
//
// The main thread publishes tasks under consecutive tickets. Whichever thread is free takes the
// next one, the main thread too. Tickets count on from program to program and wrap around 2^32:
// only their differences are compared.
//
//   word 0          LIMIT   tickets below it are published; idle workers sleep on this word
//   word 16         NEXT    the next ticket to take, by compare-and-swap
//   word 32         STATUS  0, or the length of the text after the tasks: a worker's exception
//   words 48..111   COUNT   for each worker, 0 until it has started, then 1 more than its tasks
//   words 112..367  DONE    for ticket t, at t mod 256: t + 1 once its task is done; the main
//                           thread sleeps on these words
//   words 368..     TASKS   for ticket t, at t mod 256: its first call and their number
//
// LIMIT, NEXT and STATUS are on cache lines of their own. Atomic accesses order the plain ones
// around them: a thread that sees a ticket below LIMIT sees its task and operands, and a thread
// that sees it DONE sees its result.
import { now } from "../../base/event-loop.ts";
import { textDecoder, textEncoder } from "../../base/text-codecs.ts";
import { CONTROL_BYTES } from "../wasm/engine.ts";

/** Words of a task: where its calls begin, and how many there are. */
export const TASK_WORDS = 2;

/** Threads that a pool has at most, the calling one included. */
export const MAX_THREADS = 64;

/** Tasks that may be published and not done at once. */
export const TICKETS = 256;

const LIMIT = 0;
const NEXT = 16;
const STATUS = 32;
const COUNT = 48;
const DONE = 112;
const TASKS = DONE + TICKETS;

/** Where the text of an exception begins, in bytes. */
export const TEXT = 4 * (TASKS + TICKETS * TASK_WORDS);

/** The data that a worker is started with: `program` and `buffer` are addresses. */
export type Start = {
  modules: readonly WebAssembly.Module[];
  memory: WebAssembly.Memory;
  index: number;
  program: number;
  buffer: number;
};

/** The control words, as Int32Array. */
export type Words = Int32Array<SharedArrayBuffer>;

/** The control words of a shared memory. */
export function controlWords(memory: WebAssembly.Memory): Words {
  return new Int32Array(
    memory.buffer as ArrayBufferLike as SharedArrayBuffer,
    0,
    CONTROL_BYTES / 4,
  );
}

// How long a thread looks before it sleeps: waking it takes 20 to 60 microseconds, and the main
// thread computes alone for up to 150 between two programs of a training step.
const SPIN_MS = 0.2;
const LOOKS = 64; // between two looks at the clock

/** Looks whether something holds until it does, or for SPIN_MS; returns whether it does. */
export function spinUntil(holds: () => boolean): boolean {
  for (let looks = 0, start = 0; !holds(); looks++) {
    if (looks % LOOKS !== 0) continue;
    const time = now();
    if (looks === 0) start = time;
    else if (time - start > SPIN_MS) return false;
  }
  return true;
}

/** Whether all published tickets are taken. */
export function isIdle(words: Words): boolean {
  return ((Atomics.load(words, LIMIT) - Atomics.load(words, NEXT)) | 0) <= 0;
}

const slot = (ticket: number): number => ticket & (TICKETS - 1);

/** Prepares the words before the first ticket: all earlier ones count as done. */
export function open(words: Words): void {
  for (let t = 0; t < TICKETS; t++) words[DONE + t] = t - TICKETS + 1;
}

/** The index of the first word of a ticket's task. */
export const taskAt = (ticket: number): number => TASKS + slot(ticket) * TASK_WORDS;

/** Publishes all tickets below `limit`, and wakes at most so many workers for them. */
export function publish(words: Words, limit: number, workers: number): void {
  Atomics.store(words, LIMIT, limit);
  Atomics.notify(words, LIMIT, workers);
}

/** Takes the next published ticket; undefined when all are taken. */
export function take(words: Words): number | undefined {
  for (;;) {
    const ticket = Atomics.load(words, NEXT);
    if (((Atomics.load(words, LIMIT) - ticket) | 0) <= 0) return undefined;
    if (Atomics.compareExchange(words, NEXT, ticket, (ticket + 1) | 0) === ticket) return ticket;
  }
}

/** Sleeps until there may be a ticket to take. For workers. */
export function sleep(words: Words): void {
  const limit = Atomics.load(words, LIMIT);
  if (((limit - Atomics.load(words, NEXT)) | 0) <= 0) Atomics.wait(words, LIMIT, limit);
}

/** Marks a ticket as done, and wakes the main thread if it waits for it. */
export function markDone(words: Words, ticket: number): void {
  Atomics.store(words, DONE + slot(ticket), (ticket + 1) | 0);
  Atomics.notify(words, DONE + slot(ticket));
}

/** Whether the ticket's task is done. */
export function isDone(words: Words, ticket: number): boolean {
  return ((Atomics.load(words, DONE + slot(ticket)) - (ticket + 1)) | 0) >= 0;
}

/**
 * Sleeps until the ticket is done or the time is over; returns false in the second case.
 */
export function awaitDone(words: Words, ticket: number, milliseconds: number): boolean {
  const word = DONE + slot(ticket);
  const seen = Atomics.load(words, word);
  if (((seen - (ticket + 1)) | 0) >= 0) return true;
  return Atomics.wait(words, word, seen, milliseconds) !== "timed-out";
}

/** Adds one to a worker's count: once when it has started, and once for each task. */
export function countTask(words: Words, worker: number): void {
  Atomics.add(words, COUNT + worker, 1);
}

/** A worker's count: 0 until it has started, then 1 more than its tasks. */
export function tasksDone(words: Words, worker: number): number {
  return Atomics.load(words, COUNT + worker);
}

/** Sets a worker's count to 0, before it starts in the place of another. */
export function resetCount(words: Words, worker: number): void {
  Atomics.store(words, COUNT + worker, 0);
}

/** Leaves the text of a worker's exception for the main thread. Only the first is kept. */
export function fail(words: Words, text: string): void {
  const bytes = textEncoder()
    .encode(text)
    .subarray(0, CONTROL_BYTES - TEXT);
  if (Atomics.load(words, STATUS) === 0) {
    new Uint8Array(words.buffer, TEXT).set(bytes);
    Atomics.store(words, STATUS, Math.max(1, bytes.length));
  }
}

/** The text that `fail` left; undefined if there is none. */
export function failure(words: Words): string | undefined {
  const length = Atomics.load(words, STATUS);
  // A copy: TextDecoder refuses shared memory.
  return length === 0
    ? undefined
    : textDecoder().decode(new Uint8Array(words.buffer, TEXT, length).slice());
}
