import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { afterEach, test } from "node:test";
import { Arguments, UsageError } from "../../lib/cli/arguments.ts";
import { checkCompute, useCompute } from "../../lib/cli/compute.ts";
import { configuration, configure } from "../../lib/kernels/configuration.ts";
import { assertThrows } from "../helpers/throws.ts";

const given = (options: Record<string, string>): Arguments =>
  new Arguments("train", [], new Map(Object.entries(options)));

afterEach(() => configure({ kernel: "auto", threads: 1 }));

test("useCompute takes one thread for little work, and every core for much", () => {
  useCompute(given({}), 1e6);
  assert.equal(configuration().threads, 1);
  useCompute(given({ threads: "auto" }), 1e12);
  assert.equal(configuration().threads, availableParallelism());
});

test("useCompute takes the threads and the kernel that are asked for", () => {
  useCompute(given({ threads: "3" }), 1);
  assert.equal(configuration().threads, 3);
  if (!configuration().supported.fma) return;
  useCompute(given({ kernel: "fma" }), 1);
  assert.equal(configuration().kernel, "fma");
});

test("checkCompute refuses other values", () => {
  const refused = (options: Record<string, string>, message: string): void => {
    assertThrows(() => checkCompute(given(options)), UsageError, message);
  };
  for (const threads of ["0", "-1", "1.5", "many", "Auto", "", "9".repeat(20)])
    refused({ threads }, `--threads expected auto or an integer >= 1, got "${threads}"`);
  refused({ kernel: "simd" }, '--kernel expected auto or fma, got "simd"');
  if (!configuration().supported.fma)
    refused(
      { kernel: "fma" },
      "--kernel fma expected an engine with relaxed SIMD (Node 22 and later), " +
        `got Node ${process.version}`,
    );
});
