// Runs many command lines of `twolayer` in this one process: a process for each would take a minute
// for what takes a second. Gets a JSON array of argument lists on standard input, prints one of
// outcomes. Started by cli.test.ts.
import { readFileSync } from "node:fs";

export type Outcome = { argv: string[]; code: number; stdout: string; stderr: string };

const lines = JSON.parse(readFileSync(0, "utf8")) as string[][];
const { stdout, stderr } = process;
const real = stdout.write.bind(stdout);
const outcomes: Outcome[] = [];
const listeners = process.listeners("exit");

for (const [i, argv] of lines.entries()) {
  const outcome: Outcome = { argv, code: -1, stdout: "", stderr: "" };
  const into =
    (name: "stdout" | "stderr") =>
    (chunk: unknown, ...rest: unknown[]): boolean => {
      outcome[name] += String(chunk);
      const done = rest.find((argument) => typeof argument === "function") as
        | (() => void)
        | undefined;
      if (done) queueMicrotask(done);
      return true;
    };
  stdout.write = into("stdout");
  stderr.write = into("stderr");
  process.argv = [process.argv[0], "twolayer", ...argv];
  process.exitCode = undefined;
  // another instance of main.ts, which runs when it is loaded
  await import(`../../lib/cli/main.ts?${i}`);
  while (process.exitCode === undefined) await new Promise((resolve) => setImmediate(resolve));
  outcome.code = Number(process.exitCode);
  outcomes.push(outcome);
  // What a process does once at its end, this one would do for every line.
  for (const stream of [stdout, stderr]) stream.removeAllListeners("error");
  for (const listener of process.listeners("exit"))
    if (!listeners.includes(listener)) process.off("exit", listener);
}

process.exitCode = 0;
stdout.write = real;
real(JSON.stringify(outcomes));
