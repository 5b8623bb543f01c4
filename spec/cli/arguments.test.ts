import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Arguments,
  type Command,
  commandHelp,
  overview,
  readArguments,
  UsageError,
} from "../../lib/cli/arguments.ts";
import { assertThrows } from "../helpers/throws.ts";

const COMMAND: Command = {
  name: "train",
  usage: ["DATA"],
  positionals: 2,
  options: {
    epochs: ["E", "Pass E times."],
    "learning-rate": ["R", "Set the rate."],
    out: ["FILE", "Write to FILE."],
    optimizer: ["NAME", "Choose one."],
    quick: ["", "Be quick."],
    columns: ["A,B", "Name them."],
  },
  examples: ["twolayer train a.csv"],
  run: async () => 0,
};
const read = (...argv: string[]): Arguments => readArguments(COMMAND, argv);
const refuses = (message: string, f: () => unknown): unknown =>
  assertThrows(f, UsageError, message);

test("Positionals, options with values and flags are read in any order", () => {
  const args = read("a.csv", "--epochs", "3", "--quick", "-", "--out=b=c", "--json");
  assert.deepEqual(args.positionals, ["a.csv", "-"]);
  assert.deepEqual(args.given, ["epochs", "quick", "out", "json"]);
  assert.equal(args.integer("epochs", 1), 3);
  assert.equal(args.text("out"), "b=c");
  assert.equal(args.has("quick"), true);
  assert.equal(args.text("quick"), undefined);
  assert.equal(args.integer("batch", 1), undefined);
  assert.deepEqual(read("--", "--epochs").positionals, ["--epochs"]);
  assert.equal(read("-h").has("help"), true);
});

test("Numbers are read strictly", () => {
  assert.equal(read("--learning-rate", "1e-3").number("learning-rate"), 0.001);
  assert.equal(read("--learning-rate", "-.5").number("learning-rate"), -0.5);
  for (const wrong of ["x", "", "1,5", "0x10", "Infinity", "1e999", " 1"]) {
    refuses(`--learning-rate expected a number > 0, got ${JSON.stringify(wrong)}`, () =>
      read(`--learning-rate=${wrong}`).number("learning-rate", 0, true),
    );
  }
  refuses('--learning-rate expected a number >= 0, got "-1"', () =>
    read("--learning-rate", "-1").number("learning-rate", 0),
  );
  refuses('--epochs expected an integer >= 1, got "0"', () =>
    read("--epochs", "0").integer("epochs", 1),
  );
  refuses('--epochs expected an integer >= 1, got "1.5"', () =>
    read("--epochs", "1.5").integer("epochs", 1),
  );
  refuses('--optimizer expected sgd | adam, got "adm"; did you mean adam?', () =>
    read("--optimizer", "adm").choice("optimizer", ["sgd", "adam"]),
  );
});

test("Lists are split at commas without a backslash before them", () => {
  assert.deepEqual(read("--columns", "a,b\\,c,").list("columns"), ["a", "b,c", ""]);
});

test("An unknown option is refused, with a suggestion if a known one is close", () => {
  refuses('unknown option --epoch for "train"; did you mean --epochs?', () => read("--epoch", "3"));
  refuses('unknown option --learningrate for "train"; did you mean --learning-rate?', () =>
    read("--learningrate=3"),
  );
  refuses('unknown option --xyzzy for "train"', () => read("--xyzzy"));
  refuses('unknown option -x for "train"', () => read("-x"));
  refuses('unknown option --__proto__ for "train"', () => read("--__proto__"));
  refuses('unknown option --constructor for "train"', () => read("--constructor", "1"));
});

test("An option without its value, with one too many or given twice is refused", () => {
  refuses("--epochs expected E, got nothing", () => read("a.csv", "--epochs"));
  refuses("--out expected FILE, got the option --json; write --out=--json if it is meant", () =>
    read("--out", "--json"),
  );
  refuses('--quick takes no value, got "1"', () => read("--quick=1"));
  refuses("--epochs is given twice", () => read("--epochs", "1", "--epochs", "2"));
});

test("Too many positionals and missing ones are refused", () => {
  refuses('expected at most 2 arguments for "train", got 3 ("a" "b" "c")', () =>
    read("a", "b", "c"),
  );
  const one: Command = { ...COMMAND, positionals: 1 };
  refuses('expected at most 1 argument for "train", got 2 ("a" "b")', () =>
    readArguments(one, ["a", "b"]),
  );
  refuses("expected DATA; see twolayer train --help", () => read().positional(0, "DATA"));
  refuses("expected --out FILE; see twolayer train --help", () => read().required("out", "FILE"));
});

test("An option is suggested by the name that other programs give it", () => {
  assertThrows(
    () => read("--lr", "0.1"),
    UsageError,
    'unknown option --lr for "train"; did you mean --learning-rate?',
  );
});

test("Arguments.with and pick carry options from one command line to another", () => {
  const args = read("--epochs", "3", "--quick").with({ out: "x", epochs: "4" });
  assert.deepEqual(args.pick(["epochs", "quick", "out", "columns"]), {
    epochs: "4",
    quick: true,
    out: "x",
  });
});

test("The help shows usage, every option and an example", () => {
  assert.equal(
    commandHelp(COMMAND, "Train a net"),
    `Train a net.

Usage:
  twolayer train DATA

Options:
  --epochs E         Pass E times.
  --learning-rate R  Set the rate.
  --out FILE         Write to FILE.
  --optimizer NAME   Choose one.
  --quick            Be quick.
  --columns A,B      Name them.
  --json             Print the result as JSON.
  --help             Print this help.

Example:
  twolayer train a.csv
`,
  );
  assert.match(overview({ train: "Train a net" }), /\n {2}train {2}train a net\n/);
});
