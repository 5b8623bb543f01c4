// twolayer gradcheck: compares the gradients of backpropagation with central differences on the
// user's data.

import { checkGradients } from "../../net/gradient-check.ts";
import { PARAM_NAMES } from "../../net/params.ts";
import { formatTable } from "../../report/table.ts";
import type { Command } from "../arguments.ts";
import { netSizes } from "../model.ts";
import { DATA_OPTIONS, readPrepared } from "../prepared-source.ts";
import { readSource, SOURCE_OPTIONS } from "../source.ts";
import { printResult } from "../terminal.ts";
import { TRAINING_USAGE } from "../training-options.ts";

// CS231n: relative errors below 1e-7 are right, above 1e-4 wrong; between, kinks may be the cause
const RIGHT = 1e-7;
const WRONG = 1e-4;
const ROWS = 20;

export const gradcheck: Command = {
  name: "gradcheck",
  usage: TRAINING_USAGE,
  positionals: 1,
  options: {
    hidden: ["H", "Check a net with H hidden units. Default: 10."],
    rows: ["N", `Compute the loss on N rows. Default: ${ROWS}.`],
    reg: ["R", "Set the strength of the L2 penalty. Default: 0.05."],
    step: ["H", "Set the step of the differences. Default: chosen for each weight."],
    ...DATA_OPTIONS,
    ...SOURCE_OPTIONS,
  },
  examples: ["twolayer gradcheck iris.csv --label species"],
  async run(args) {
    const rows = args.integer("rows", 1) ?? ROWS;
    const reg = args.number("reg", 0) ?? 0.05;
    const h = args.number("step", 0, true);
    const source = await readSource(args, 0, "train");
    const { classifier, data } = readPrepared(args, source, {
      hidden: args.integer("hidden", 1) ?? 10,
      validation: 0,
    });
    const N = Math.min(rows, data.X.rows);
    // rows from the whole file, so that every class of a sorted file is among them
    const picked = Int32Array.from({ length: N }, (_, i) => Math.floor((i * data.X.rows) / N));
    const errors = checkGradients(
      classifier.net,
      { X: data.X.takeRows(picked), y: picked.map((i) => data.y[i]) },
      { reg, ...(h !== undefined && { h }) },
    );
    const worst = Math.max(...Object.values(errors));
    const verdict = worst < RIGHT ? "right" : worst < WRONG ? "doubtful" : "wrong";
    const table = formatTable(
      PARAM_NAMES.map((name) => [name, errors[name].toExponential(1)]),
      { header: ["gradient", "relative error"], align: ["left", "right"] },
    );
    const text = `${verdict}: ${N} rows of ${source.name}, ${netSizes(classifier.net)}\n`;
    await printResult(args, { rows: N, reg, errors, verdict }, `${table}\n\n${text}`);
    return verdict === "wrong" ? 1 : 0;
  },
};
