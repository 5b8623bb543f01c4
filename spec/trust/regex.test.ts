// Every regular expression that reads text of users takes steps in proportion to the text, so that
// no text blocks a program: the number of steps for a text ten times as long is compared.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { prepareTable } from "../../lib/model/prepare.ts";
import { attacks, countSteps, regexLiteralsOf, STEP_LIMIT } from "../helpers/regex-steps.ts";
import { ROOT, sourceFiles } from "../helpers/sources.ts";

const LENGTH = 30;
const LINEAR = 14; // times the steps for ten times the text; quadratic is 100

function growth(regex: RegExp): { ratio: number; text: string } {
  let worst = { ratio: 0, text: "" };
  const [short, long] = [attacks(regex, LENGTH), attacks(regex, 10 * LENGTH)];
  for (const [i, text] of long.entries()) {
    const steps = countSteps(regex, text);
    if (steps < 20 * LENGTH) continue;
    const before = countSteps(regex, short[i]);
    const ratio = before < STEP_LIMIT ? steps / before : Infinity;
    if (ratio > worst.ratio) worst = { ratio, text: short[i] };
  }
  return worst;
}

test("The steps of a quadratic and an exponential expression are told from linear ones", () => {
  for (const regex of [/^[+-]?(\d+\.?\d*|\.\d+)$/, /\s+$/, /^(\d+)*$/, /^(a|a)*$/, /^(?:a*b?)*c$/])
    assert.ok(growth(regex).ratio > 50, String(regex));
  for (const regex of [/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/, /[\t\n]+/g, /^#\s*/, /^\d+-\d+$/])
    assert.ok(growth(regex).ratio < LINEAR, String(regex));
});

test("The steps of every regular expression of the library grow linearly with the text", () => {
  let count = 0;
  for (const file of sourceFiles("lib")) {
    if (file.startsWith("build/")) continue; // reads our own sources
    for (const { text, line } of regexLiteralsOf(readFileSync(join(ROOT, "lib", file), "utf8"))) {
      const end = text.lastIndexOf("/");
      const regex = new RegExp(text.slice(1, end), text.slice(end + 1));
      const { ratio, text: attack } = growth(regex);
      assert.ok(
        ratio < LINEAR,
        `lib/${file}:${line} ${text}: ${ratio} for ${JSON.stringify(attack)}`,
      );
      count++;
    }
  }
  assert.ok(count > 50, `only ${count} expressions found`);
});

test("Texts of a hundred thousand characters are read or refused at once", () => {
  const table = parseCsv("a,b\n1.5,x\n2.25,y\n1.5,x\n0.75,y\n2.5,x\n0.5,y\n");
  const options = {
    label: "b",
    features: ["a"],
    hiddenSize: 2,
    validation: 0,
    missing: "error" as const,
  };
  const { classifier } = prepareTable(table, options);
  assert.deepEqual(
    classifier.encoding.features.map((feature) => "mean" in feature),
    [true],
  );
  for (const text of [`${"1".repeat(100_000)}x`, `${" ".repeat(100_000)}x`, "1,".repeat(50_000)])
    assert.throws(() => classifier.predict([{ a: text }]), /expected a number/);
});
