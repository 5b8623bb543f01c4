// How long work lets the event loop run in between, and how its caller ends it.

import { wrongType } from "./checks.ts";

/** How many milliseconds work runs before it lets timers, input and requests have their turn. */
export const SLICE_MS = 8;

/** Milliseconds since some moment in the past. */
export function now(): number {
  return (globalThis.performance ?? Date).now(); // plain engines have no `performance`
}

function afterMessage(resolve: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    resolve();
  };
  port2.postMessage(null);
}

/**
 * Ways to have a function called in a later turn: setTimeout last, as browsers round a nested one
 * up to 4 ms. The functions are those of the time of loading: tests put others in their place,
 * whose clock stands still.
 */
const ways = [
  typeof setImmediate === "function" ? setImmediate : undefined,
  typeof MessageChannel === "function" ? afterMessage : undefined,
  typeof setTimeout === "function" ? setTimeout : undefined,
];

/** Resolves in a later turn of the event loop, after timers, input and requests that are due. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    for (const way of ways) {
      if (way === undefined) continue;
      try {
        way(resolve);
        return;
      } catch {
        // the edge runtime of Next has the first two, and both throw
      }
    }
    resolve(); // an engine without timers has nothing that would wait for its turn
  });
}

/** The items of a long work, which lets the event loop run in between every few milliseconds. */
export async function* inTurns<Item>(items: Iterable<Item>): AsyncGenerator<Item, void, undefined> {
  let turn = now();
  for (const item of items) {
    yield item;
    if (now() - turn < SLICE_MS) continue;
    await nextTurn();
    turn = now();
  }
}

/** An AbortSignal, as far as the library needs one: its own type is not in every configuration. */
export type AbortSignalLike = {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
};

/** Throws a TypeError unless `signal` is undefined or an AbortSignal. */
export function checkSignal(where: string, signal: AbortSignalLike | undefined): void {
  if (signal === undefined) return;
  const { aborted, addEventListener } = (signal ?? {}) as Partial<AbortSignalLike>;
  if (typeof aborted === "boolean" && typeof addEventListener === "function") return;
  throw wrongType(where, "signal", "an AbortSignal", signal);
}
