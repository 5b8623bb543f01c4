import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../lib/base/errors.ts";
import { Random } from "../../lib/base/random.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { parseSafetensors, serializeSafetensors } from "../../lib/formats/safetensors.ts";
import { parseCheckpoint, serializeCheckpoint } from "../../lib/model/checkpoint-file.ts";
import { parseModel, serializeModel } from "../../lib/model/model-file.ts";
import { type Prepared, prepareTable } from "../../lib/model/prepare.ts";
import { PARAM_NAMES } from "../../lib/net/params.ts";
import { adam, momentum } from "../../lib/training/optimizer.ts";
import { cosine } from "../../lib/training/schedule.ts";
import type { TrainOptions } from "../../lib/training/train-options.ts";
import { Trainer } from "../../lib/training/trainer.ts";
import { refusesEveryTruncation, survivesEveryByteChange } from "../helpers/mutations.ts";
import { assertSameBits } from "../helpers/numbers.ts";

const table = parseCsv(
  [
    "a,b,label",
    ...Array.from({ length: 20 }, (_, i) => `${i % 7},${(i * 3) % 5},${i % 2}`),
    "",
  ].join("\n"),
);

function start(options: TrainOptions): Prepared & { trainer: Trainer } {
  const random = new Random(3);
  const prepared = prepareTable(table, { label: "label", hiddenSize: 3, random });
  const { classifier, data, validation } = prepared;
  return {
    ...prepared,
    trainer: new Trainer(classifier.net, data, {
      batchSize: 5,
      epochs: 4,
      learningRate: 0.1,
      random,
      validation,
      ...options,
    }),
  };
}

for (const options of [
  {},
  { optimizer: momentum(), sampling: "replacement" },
  { optimizer: adam(), patience: 2 },
  { schedule: cosine(), clipNorm: 1 },
  { keepBest: true, calibrate: true, learningRate: 2, batchSize: 2 },
] as TrainOptions[]) {
  test(`A training (${JSON.stringify(options)}) resumes from any iteration`, () => {
    const whole = start(options);
    while (!whole.trainer.done) whole.trainer.step();
    const final = serializeModel(whole.classifier);
    const { classifier, trainer } = start(options);
    for (;;) {
      const bytes = serializeCheckpoint(classifier, trainer.state, { label: "label" });
      const read = parseCheckpoint(bytes);
      assert.deepEqual(read.run, { label: "label" });
      assert.deepEqual(read.state.best, trainer.state.best);
      const { data, validation } = start(options); // as another process would prepare it
      const resumed = Trainer.fromState(read.state, data, { validation });
      while (!resumed.done) resumed.step();
      assert.deepEqual(resumed.history, whole.trainer.history);
      for (const name of PARAM_NAMES)
        assertSameBits(resumed.net.params[name].data, whole.classifier.net.params[name].data, name);
      assert.deepEqual(
        serializeCheckpoint(read.classifier, read.state, read.run),
        bytes,
        "read and written again",
      );
      if (trainer.done) break;
      trainer.step();
    }
    assert.deepEqual(serializeModel(classifier), final);
  });
}

const { classifier, trainer } = start({ optimizer: adam(), patience: 3 });
for (let i = 0; i < 6; i++) trainer.step();
const bytes = serializeCheckpoint(classifier, trainer.state, {});

test("A checkpoint is a model file too", () => {
  assert.deepEqual(parseModel(bytes).classifier.predict(table), classifier.predict(table));
});

test("Every truncation and changed byte is a FormatError or a checkpoint that can go on", () => {
  refusesEveryTruncation(bytes, parseCheckpoint);
  const { data, validation } = start({});
  survivesEveryByteChange(bytes, parseCheckpoint, {
    values: [0x31, 0xff],
    check: ({ state }) => {
      if (state.rows !== data.X.rows || state.validationRows !== validation!.X.rows) return;
      assert.ok(Trainer.fromState(state, data, { validation }) instanceof Trainer);
    },
  });
});

test("parseCheckpoint says what is wrong", () => {
  assert.throws(() => parseCheckpoint(serializeModel(classifier)), {
    name: "FormatError",
    message: "model: expected a checkpoint, got a finished model",
  });
  const { tensors, metadata } = parseSafetensors(bytes);
  const { sha256: _, ...description } = JSON.parse(metadata.get("twolayer")!);
  const refused = (change: object, message: string, without?: string): void => {
    const kept = new Map([...tensors].filter(([name]) => name !== without));
    const checkpoint = { ...description.checkpoint, ...change };
    const text = JSON.stringify({ ...description, checkpoint });
    assert.throws(
      () => parseCheckpoint(serializeSafetensors(kept, { metadata: { twolayer: text } })),
      (error: unknown) => {
        assert.ok(error instanceof FormatError);
        assert.equal(error.message, `model: ${message}`);
        return true;
      },
    );
  };
  refused({}, "expected a tensor training.loss, got none", "training.loss");
  refused({}, "expected a tensor training.slot1.W2, got none", "training.slot1.W2");
  refused({ run: 3 }, "checkpoint.run expected an object, got 3");
  refused({ slots: 0 }, "checkpoint: slots expected 2 for adam, got 0");
  refused({ iteration: 99 }, "checkpoint: iteration expected an integer in 0..16, got 99");
  refused({ iteration: 5 }, "checkpoint: history.loss expected 5 losses, one an iteration, got 6");
  refused(
    { random: { seed: 1, offset: 2 } },
    "Random.fromState: offset expected a multiple of 4, got 2",
  );
  const swapped = new Map(tensors).set("training.slot0.W1", tensors.get("W2")!);
  const text = JSON.stringify(description);
  assert.throws(
    () => parseCheckpoint(serializeSafetensors(swapped, { metadata: { twolayer: text } })),
    {
      message:
        "model: checkpoint: slots[0]: expected W1 D×H, b1 1×H, W2 H×C, b2 1×C with D, H, C >= 1, " +
        "got 3×2, 1×3, 3×2, 1×2",
    },
  );
});

test("serializeCheckpoint refuses the state of another net", () => {
  const other = start({ learningRate: 1 });
  other.trainer.step();
  assert.throws(() => serializeCheckpoint(classifier, other.trainer.state), {
    name: "RangeError",
    message: "serializeCheckpoint: state.params.W1 differs from classifier.net.params.W1",
  });
});

test("serializeCheckpoint says which argument is wrong", () => {
  const refused = (args: unknown[], message: string): void => {
    assert.throws(() => serializeCheckpoint(...(args as Parameters<typeof serializeCheckpoint>)), {
      name: "TypeError",
      message: `serializeCheckpoint: ${message}`,
    });
  };
  refused([], "classifier expected a Classifier, got undefined");
  refused([classifier.net, trainer.state], "classifier expected a Classifier, got a TwoLayerNet");
  refused([classifier], "state expected a TrainerState, got undefined");
  refused([classifier, 5], "state expected a TrainerState, got 5");
  refused([classifier, {}], "rows expected an integer >= 1, got undefined");
  refused([classifier, trainer.state, 5], "run expected an object of plain JSON, got 5");
  refused([classifier, trainer.state, null], "run expected an object of plain JSON, got null");
  refused(
    [classifier, trainer.state, { n: 1n }],
    "run expected an object of plain JSON, got an Object",
  );
});
