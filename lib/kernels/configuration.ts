// How products are computed: what was asked for, what the engine can do, and so what is in force.
import { checkChoice, checkInteger, checkOptions } from "../base/checks.ts";
import { createSoloCrew, type Crew } from "./crew.ts";
import { obstacle } from "./engine.ts";

export type Configuration = {
  /** "reference": plain TypeScript; "simd": WebAssembly, the same bits; "fma": WebAssembly that rounds a·b + c once. */
  kernel: "reference" | "simd" | "fma";
  threads: number;
  /** What this engine can do. */
  supported: { simd: boolean; fma: boolean; threads: boolean };
  /** Why less than what was asked for is in force; empty when nothing is. */
  notes: string[];
};

const CHOICES = ["auto", "reference", "simd", "fma"] as const;

let chosen: (typeof CHOICES)[number] = "auto";
let crew: Crew | undefined; // made by the first product that needs it
let failure = ""; // why it could not be made

/**
 * Chooses how products are computed from now on; what is not given stays. `kernel` "auto" (the default) is "simd" where the
 * engine has it, else "reference". All give the same bits on any number of threads, but for "fma", which rounds half
 * as often. Throws a TypeError or RangeError for what is no choice, an Error for a kernel the engine cannot run, and
 * then changes nothing.
 */
export function configure(options: { kernel?: "auto" | "reference" | "simd" | "fma"; threads?: number }): void {
  checkOptions("configure", options, ["kernel", "threads"]);
  const { kernel, threads } = options;
  if (kernel !== undefined) checkChoice("configure", "kernel", kernel, CHOICES);
  if (threads !== undefined) checkInteger("configure", "threads", threads, 1);
  if (kernel === "simd" || kernel === "fma") {
    const reason = obstacle(kernel);
    if (reason) throw new Error(`configure: kernel expected one this engine can run, got "${kernel}": ${reason}`);
  }
  if (kernel !== undefined && kernel !== chosen) {
    chosen = kernel;
    crew = undefined;
    failure = "";
  }
}

/** What is in force, and what the engine supports. */
export function configuration(): Configuration {
  const notes = [];
  const kernel = kernelInForce();
  if (chosen !== "reference" && kernel === "reference") notes.push(`kernel: ${failure || obstacle("simd")}`);
  return { kernel, threads: 1, supported: { simd: !obstacle("simd"), fma: !obstacle("fma"), threads: false }, notes };
}

function kernelInForce(): Configuration["kernel"] {
  if (failure) return "reference";
  return chosen === "auto" ? (obstacle("simd") ? "reference" : "simd") : chosen;
}

/** Who computes a product; nobody where WebAssembly is not to be used. */
export function crewFor(_work: number): Crew | undefined {
  if (crew) return crew;
  const kernel = kernelInForce();
  if (kernel === "reference") return undefined;
  try {
    return (crew = createSoloCrew(kernel));
  } catch (error) {
    failure = `no WebAssembly memory (${error instanceof Error ? error.message : error})`;
    return undefined;
  }
}
