// Trainings on threads give their memory back: those that end, and those that are left unfinished.
import assert from "node:assert/strict";
import { test } from "node:test";
import { configuration } from "../../lib/kernels/configuration.ts";
import { lib, runProgram } from "../kernels/processes.ts";

const { supported } = configuration();

test("Two hundred trainings in a process take the memory of a few", {
  skip: !(supported.simd && supported.threads) && "no threads",
  timeout: 300_000,
}, async () => {
  const source = `
    const { adam, configuration, configure, Matrix, Random, Trainer, TwoLayerNet } =
      await import(${JSON.stringify(lib("core.ts"))});
    const { poolFor } = await import(${JSON.stringify(lib("kernels/pool-in-force.ts"))});
    configure({ threads: 2 });
    const random = new Random(1);
    const X = Matrix.randomNormal(100, 330, random);
    const y = random.integers(100, 10);
    const first = TwoLayerNet.create({ inputSize: 330, hiddenSize: 100, outputSize: 10 });
    const train = (steps) => {
      const net = first.clone();
      const options = { batchSize: 64, iterations: 3, optimizer: adam(), trainAccuracy: 1 };
      const trainer = new Trainer(net, { X, y }, options);
      for (let i = 0; i < steps; i++) trainer.step();
    };
    const sizes = [];
    for (const steps of [3, 2]) { // to the end, and left before
      for (let i = 0; i < 200; i++) {
        train(steps);
        if (i % 10 === 0) {
          gc();
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      }
      sizes.push(poolFor(1e9).doubles.byteLength);
    }
    console.log(JSON.stringify({ sizes, notes: configuration().notes }));
  `;
  const program = `
    (await import("node:v8")).setFlagsFromString("--expose-gc");
    globalThis.gc = (await import("node:vm")).runInNewContext("gc");
    ${source}
  `;
  const { sizes, notes } = JSON.parse(await runProgram(program, [], 200_000));
  // The pool itself takes 15 MB, a training 3 MB: parameters, gradients, what Adam remembers.
  assert.ok(sizes[0] < 25e6, `trainings that end: ${sizes[0]} bytes`);
  assert.ok(sizes[1] < 100e6, `trainings that are left: ${sizes[1]} bytes`);
  assert.deepEqual(notes, []);
});
