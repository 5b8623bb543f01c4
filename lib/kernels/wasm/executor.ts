// How work is divided among threads: tasks, each a run of kernel calls. threads/pool.ts runs them.
import type { Kernels, TrainingKernels } from "./engine.ts";

/** The kernels that tasks call, numbered by their places; all their parameters are integers. */
export const TASK_KERNELS = [
  "product",
  "packBRows",
  "packBColumns",
  "packAColumns",
  "dense",
  "relu",
  "row",
  "rowRelu",
  "mask",
  "addScaled",
  "scale",
  "squares",
  "nonFinite",
  "columnSum",
  "adam",
] as const satisfies readonly (keyof (Kernels & TrainingKernels))[];

export type TaskKernel = (typeof TASK_KERNELS)[number];

/** Stands for an address in the buffer of the thread that makes the call. */
export const inThreadBuffer = (offset: number): number => -1 - offset;

/** Runs tasks on several threads. Tasks that are published together do not depend on each other. */
export type Executor = {
  /** Threads that can compute at the same time. */
  readonly threads: number;
  /** Begins a program of tasks, after all tasks of the one before. */
  begin(): void;
  /** Appends a call to the task that is being written. */
  call(kernel: TaskKernel, ...parameters: readonly number[]): void;
  /** Ends the task that is being written; returns its ticket. */
  endTask(): number;
  /** Lets all threads take the tasks that have ended. */
  publish(): void;
  /** Returns when the tasks up to this ticket are done, computing tasks meanwhile. */
  waitUpTo(ticket: number): void;
  /** Returns when all tasks are done. */
  finish(): void;
  /**
   * Runs a task for each part of n elements, several parts a thread, whose calls `write` makes.
   * Parts are multiples of 64 elements, all but the last. Returns their number.
   */
  runInParts(n: number, write: (start: number, length: number, index: number) => void): number;
};
