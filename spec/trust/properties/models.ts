// Model files and checkpoints whose JSON was tampered with: any member changed to anything, torn
// out, renamed. Reading either throws a FormatError or gives a classifier that predicts and a
// training that goes on.
import assert from "node:assert/strict";
import { DivergenceError, FormatError } from "../../../lib/base/errors.ts";
import { Random } from "../../../lib/base/random.ts";
import { parseCsv } from "../../../lib/formats/csv/csv.ts";
import { parseSafetensors, serializeSafetensors } from "../../../lib/formats/safetensors.ts";
import { parseCheckpoint, serializeCheckpoint } from "../../../lib/model/checkpoint-file.ts";
import { parseModel, serializeModel } from "../../../lib/model/model-file.ts";
import { prepareTable } from "../../../lib/model/prepare.ts";
import { adam, momentum } from "../../../lib/training/optimizer.ts";
import { cosine } from "../../../lib/training/schedule.ts";
import type { TrainOptions } from "../../../lib/training/train-options.ts";
import { Trainer } from "../../../lib/training/trainer.ts";
import { type Draw, property } from "../../helpers/fuzz.ts";

const colors = ["red", "blue", "\u001b[31mgreen"];
const lines = Array.from(
  { length: 20 },
  (_, i) => `${i % 7},${colors[i % 3]},${["no", "__proto__"][i % 2]}\n`,
);
const table = parseCsv(`a,color,label\n${lines.join("")}`);

type Checkpoint = { bytes: Uint8Array; data: ReturnType<typeof prepareTable> };

function checkpoint(options: TrainOptions): Checkpoint {
  const random = new Random(3);
  const data = prepareTable(table, {
    label: "label",
    hiddenSize: 3,
    random,
    missing: "mean",
    categorical: ["color"],
  });
  const trainer = new Trainer(data.classifier.net, data.data, {
    batchSize: 5,
    epochs: 4,
    learningRate: 0.1,
    random,
    validation: data.validation,
    ...options,
  });
  for (let i = 0; i < 6; i++) trainer.step();
  return { data, bytes: serializeCheckpoint(data.classifier, trainer.state, { label: "label" }) };
}

const CHECKPOINTS = [
  {},
  { optimizer: momentum(), sampling: "replacement" },
  { optimizer: adam(), patience: 3 },
  { schedule: cosine(), clipNorm: 1 },
].map((options) => checkpoint(options as TrainOptions));
const ROWS = [
  { a: 1, color: "red" },
  { a: "3", color: "blue" },
  { a: 1e308, color: colors[2] },
];

type Json = { [key: string]: unknown };
const HOSTILE: readonly unknown[] = [
  null,
  0,
  -1,
  1,
  2,
  0.5,
  -0.5,
  1e308,
  5e-324,
  2 ** 53,
  "",
  "__proto__",
  "constructor",
  "sgd",
  "adam",
  "\u001b[2J",
  true,
  false,
  [],
  {},
  [null],
  [[]],
  { length: 3 },
  { name: "adam", beta1: 2 },
  { toString: 1 },
  "x".repeat(1000),
  [1, 2, 3],
  ["no", "yes"],
];

/** The places of a JSON value: each is a container and a key in it. */
function places(value: unknown, found: [Json, string][] = []): [Json, string][] {
  if (typeof value !== "object" || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push([value as Json, key]);
    places((value as Json)[key], found);
  }
  return found;
}

function tamper(draw: Draw, description: Json): string {
  const all = places(description);
  const [container, key] = all[draw.integer(0, all.length - 1)];
  switch (draw.integer(0, 3)) {
    case 0:
      delete container[key];
      return `delete ${key}`;
    case 1: {
      const name = draw.pick([
        "__proto__",
        "toString",
        "",
        "random",
        "validation",
        "onEpoch",
        "epochs",
        "name",
        "column",
      ]);
      Object.defineProperty(container, name, {
        value: container[key],
        enumerable: true,
        configurable: true,
        writable: true,
      });
      return `${name} as ${key}`;
    }
    case 2: {
      const [from, other] = all[draw.integer(0, all.length - 1)];
      container[key] = structuredClone(from[other]);
      return `${key} = ${other}`;
    }
    default: {
      const value = draw.pick(HOSTILE);
      container[key] = structuredClone(value);
      return `${key} = ${JSON.stringify(value)}`;
    }
  }
}

type Case = { which: number; wounds: string[]; bytes: Uint8Array };

export const models = [
  property<Case>(
    "Altered model files are refused, or predict and are written back the same",
    600,
    (draw) => {
      const which = draw.integer(0, CHECKPOINTS.length - 1);
      const { tensors, metadata } = parseSafetensors(CHECKPOINTS[which].bytes);
      const description = JSON.parse(metadata.get("twolayer")!) as Json;
      const wounds = draw.array(draw.integer(1, 3), () => tamper(draw, description));
      return {
        which,
        wounds,
        bytes: serializeSafetensors(tensors, {
          metadata: { twolayer: JSON.stringify(description) },
        }),
      };
    },
    ({ which, bytes }) => {
      const model = refusedOr(() => parseModel(bytes));
      if (model !== undefined) {
        const { classifier, training } = model;
        const again = parseModel(serializeModel(classifier, { training }));
        const outcome = (c: typeof classifier): unknown => {
          try {
            return c.predict(ROWS);
          } catch (error) {
            // a column or category that the rows do not have
            assert.ok(error instanceof RangeError, String(error));
            assert.doesNotMatch(error.message, /[\p{Cc}]/u);
            return error.message;
          }
        };
        assert.deepEqual(outcome(again.classifier), outcome(classifier));
      }
      const resumed = refusedOr(() => parseCheckpoint(bytes));
      if (resumed === undefined) return;
      const { settings } = resumed.state;
      if (settings.iterations > 1000 || settings.batchSize > 1000) return; // right, but long
      const { data, validation } = CHECKPOINTS[which].data;
      let trainer: Trainer;
      try {
        trainer = Trainer.fromState(resumed.state, data, { validation });
      } catch (error) {
        // fits another data set
        assert.ok(error instanceof RangeError, String((error as Error).stack));
        return;
      }
      try {
        while (!trainer.done) trainer.step();
      } catch (error) {
        assert.ok(error instanceof DivergenceError, String((error as Error).stack));
      }
    },
    ({ which, wounds }) => `checkpoint ${which}: ${wounds.join("; ")}`,
  ),
];

function refusedOr<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    assert.doesNotMatch(error.message, /[\p{Cc}\u202a-\u202e]/u);
    assert.ok(error.message.length < 2000);
    return undefined;
  }
}
