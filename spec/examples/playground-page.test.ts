import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { digitImage, GREY, type Point, SIDE } from "../../examples/playground/page/digit-image.ts";
import { createDigitTraining, readDigits } from "../../examples/playground/page/digit-training.ts";
import { zeroLine } from "../../examples/playground/page/marching-squares.ts";
import { createPlaneTraining, csvData } from "../../examples/playground/page/plane-training.ts";
import {
  CSV_LINK_LIMIT,
  initialSettings,
  parseHash,
  serializeHash,
  TABS,
} from "../../examples/playground/page/settings.ts";
import {
  checkToyGradients,
  createToyRun,
  toyNumbers,
} from "../../examples/playground/page/toy-run.ts";
import { weightsHash } from "../../examples/playground/page/weights-hash.ts";
import { FormatError } from "../../lib/index.ts";
import { PALETTE } from "../../lib/report/palette.ts";

const page = (name: string): string =>
  readFileSync(new URL(`../../examples/playground/${name}`, import.meta.url), "utf8");

test("a link brings back the settings it was made from, and says only what is not initial", () => {
  for (const tab of TABS) {
    assert.equal(serializeHash(tab, initialSettings(tab)), `#${tab}`);
    assert.deepEqual(parseHash(`#${tab}`), { tab, settings: initialSettings(tab) });
  }
  const settings = {
    ...initialSettings("plane"),
    data: "csv" as const,
    csv: 'a,b,"c&d"\n1,2,é=#?\n',
    hidden: 3,
    rate: 1e-5,
    lines: false,
  };
  const hash = serializeHash("plane", settings);
  assert.equal(
    hash,
    "#plane?data=csv&hidden=3&rate=0.00001&lines=false&csv=a%2Cb%2C%22c%26d%22%0A1%2C2%2C%C3%A9%3D%23%3F%0A",
  );
  assert.deepEqual(parseHash(hash), { tab: "plane", settings });
  assert.equal(
    serializeHash("plane", { ...settings, csv: "x".repeat(CSV_LINK_LIMIT + 1) }),
    "#plane?data=csv&hidden=3&rate=0.00001&lines=false",
  );
});

test("what a link says wrongly is ignored", () => {
  const initial = { tab: "plane", settings: initialSettings("plane") };
  for (const hash of [
    "",
    "#",
    "#elsewhere",
    "#plane?hidden=0&hidden=65&points=1e3&seed=-1&seed=1.5&noise=2&rate=0&rate=Infinity&reg=&batch=x&data=moon&speed=2&lines=1",
    "#plane?__proto__=1&constructor=2&hasOwnProperty=3",
    "#plane?%",
    "#plane?&&==",
    "#plane?seed=9007199254740992",
  ])
    assert.deepEqual(parseHash(hash), initial, hash);
});

test("the page's colors are those of the library's figures", () => {
  const style = page("style.css");
  const [light, dark] = style.split("prefers-color-scheme: dark");
  for (const [side, css] of [light, dark].entries()) {
    for (let c = 0; c < 6; c++)
      assert.ok(
        css.includes(`--class${c}: ${PALETTE[`series${c}` as keyof typeof PALETTE][side]};`),
        `class ${c}`,
      );
    for (const name of ["surface", "ink", "muted", "grid", "warning"] as const)
      assert.ok(css.includes(`--${name}: ${PALETTE[name][side]};`), name);
  }
});

test("the page's policy allows its import map by hash, its own scripts and WebAssembly, and nothing from elsewhere", () => {
  const html = page("index.html");
  const map = /<script type="importmap">(.*?)<\/script>/s.exec(html)![1];
  assert.deepEqual(JSON.parse(map), { imports: { twolayer: "./dist/index.js" } });
  const hash = createHash("sha256").update(map).digest("base64");
  const policy = /http-equiv="Content-Security-Policy" content="(.*?)"/.exec(html)![1];
  assert.equal(
    policy,
    `default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'`,
  );
  assert.doesNotMatch(html, /(?:src|href)="(?:https?:|\/\/|data:)|\sstyle="|\son[a-z]+="/);
  assert.doesNotMatch(page("style.css"), /url\(|@import/);
});

const line = (...numbers: number[]): Point[] =>
  Array.from({ length: numbers.length / 2 }, (_, i) => ({
    x: numbers[2 * i],
    y: numbers[2 * i + 1],
  }));
const rows = (image: Float64Array): number[][] =>
  Array.from({ length: SIDE }, (_, i) => Array.from(image.subarray(SIDE * i, SIDE * (i + 1))));

test("digitImage of an upright bar fills the height, the middle and the ink of the UCI digits", () => {
  const image = digitImage([line(10, 10, 10, 90)])!;
  assert.equal(image.length, 64);
  assert.ok(image.every((count) => Number.isInteger(count) && count >= 0 && count <= GREY));
  const ink = image.reduce((sum, count) => sum + count, 0) / 1024;
  assert.ok(Math.abs(ink - 0.305) < 0.02, String(ink));
  for (const row of rows(image)) {
    assert.deepEqual(row, row.toReversed());
    assert.deepEqual([row[0], row[1], row[6], row[7]], [0, 0, 0, 0]);
    assert.ok(row[3] >= 12);
  }
});

test("digitImage does not depend on place and size, nor on how strokes are cut", () => {
  const seven = line(20, 20, 80, 20, 50, 120);
  const image = digitImage([seven])!;
  assert.deepEqual(
    digitImage([seven.map(({ x, y }) => ({ x: 4 * x - 1024, y: 4 * y + 512 }))]),
    image,
  );
  assert.deepEqual(digitImage([line(20, 20, 80, 20), line(80, 20, 50, 120)]), image);
  assert.deepEqual(digitImage([[], seven, []]), image);
});

test("digitImage of nothing is undefined; dots and level lines are images too", () => {
  assert.equal(digitImage([]), undefined);
  assert.equal(digitImage([[]]), undefined);
  for (const stroke of [
    line(5, 5),
    line(5, 5, 5, 5),
    line(0, 5, 100, 5),
    line(1e6, 5, 1e6 + 1e-9, 5),
  ]) {
    const image = digitImage([stroke])!;
    assert.ok(image.every(Number.isFinite) && image.some((count) => count > 0));
  }
});

test("the net knows drawn bars, ovals and sevens after the digits tab's own training", () => {
  const digits = readDigits(
    readFileSync(new URL("../../examples/digits/digits.csv", import.meta.url), "utf8"),
  );
  assert.deepEqual([digits.X.rows, digits.X.cols, digits.y.length], [1797, 64, 1797]);
  const { net, trainer, train, heldOut } = createDigitTraining(digits, {
    hidden: 40,
    warp: true,
    seed: 0,
  });
  assert.deepEqual([train.X.rows, heldOut.X.rows, trainer.iterations], [1438, 359, 1170]);
  while (!trainer.done) trainer.step();
  assert.ok(net.accuracy(heldOut.X, heldOut.y) > 0.95);
  const oval = Array.from({ length: 25 }, (_, i) => ({
    x: 50 + 28 * Math.cos((i * Math.PI) / 12),
    y: 70 + 50 * Math.sin((i * Math.PI) / 12),
  }));
  for (const [digit, strokes] of [
    [1, [line(50, 10, 50, 130)]],
    [0, [oval]],
    [7, [line(18, 14, 82, 14, 42, 130)]],
  ] as const) {
    const X = heldOut.X.sliceRows(0, 1).map((_value, _i, j) => digitImage(strokes)![j] / GREY);
    assert.equal(net.predict(X)[0], digit);
  }
});

test("a 2-D training is the same for the same settings and another for another seed", async () => {
  const hash = async (changes: object): Promise<string> => {
    const { net, trainer } = createPlaneTraining({
      ...initialSettings("plane"),
      iterations: 20,
      points: 40,
      ...changes,
    });
    while (!trainer.done) trainer.step();
    return weightsHash(net.params);
  };
  for (const data of ["moons", "circles", "spiral", "xor", "blobs"]) {
    assert.equal(await hash({ data }), await hash({ data }));
    assert.notEqual(await hash({ data }), await hash({ data, seed: 2 }));
  }
  const hashes = await Promise.all(
    ["sgd", "momentum", "nesterov", "adam"].map((optimizer) => hash({ optimizer })),
  );
  assert.equal(new Set(hashes).size, 4);
  assert.match(hashes[0], /^[0-9a-f]{64}$/);
});

test("every 2-D data set leaves points to learn from and points held out", () => {
  for (const data of ["moons", "circles", "spiral", "xor", "blobs"] as const) {
    const {
      train,
      heldOut,
      net,
      data: all,
    } = createPlaneTraining({ ...initialSettings("plane"), data, points: 20 });
    assert.deepEqual([train.X.rows, heldOut.X.rows], [14, 6]);
    assert.equal(net.outputSize, all.classNames.length);
    assert.equal(new Set(train.y).size, all.classNames.length);
  }
});

test("a CSV is two columns of numbers and one of classes; anything else is answered with where it is", () => {
  const { X, y, classNames, columns } = csvData("h;w;kind\n1;2;b\n3;4;a\n5;6;b\n");
  assert.deepEqual(
    [X.toRows(), Array.from(y), classNames, columns],
    [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [1, 0, 1],
      ["a", "b"],
      ["h", "w"],
    ],
  );
  for (const [csv, message] of [
    ["1,2\n3,4\n", "pasted: expected two columns of numbers and one of classes, got 2 in all"],
    ["a,b,c\n1,,x\n2,3,y\n", 'pasted:2:2: expected a number, got ""'],
    ["a,b,c\n1,2,x\n2,3,x\n", 'pasted: expected 2 to 6 classes in column "c", got 1'],
    [
      `a,b,c\n${Array.from({ length: 7 }, (_, i) => `1,2,k${i}\n`).join("")}`,
      'pasted: expected 2 to 6 classes in column "c", got 7',
    ],
    [`a,b,c\n${"1,2,x\n".repeat(5001)}`, "pasted: expected at most 5000 rows, got 5001"],
  ])
    assert.throws(
      () => csvData(csv),
      (error: Error) => error instanceof FormatError && error.message === message,
      message,
    );
});

test("CSV columns of different sizes are standardized by their training rows", () => {
  const csv = `a,b,c\n${Array.from({ length: 50 }, (_, i) => `${1e6 + i},${i / 1e6},${i % 2}\n`).join("")}`;
  const { train, mean, std } = createPlaneTraining({
    ...initialSettings("plane"),
    data: "csv",
    csv,
  });
  assert.ok(
    Math.abs(train.X.columnSum().get(0, 0)) < 1e-6 &&
      Math.abs(train.X.columnSum().get(0, 1)) < 1e-6,
  );
  assert.ok(mean[0] > 1e6 && std[1] < 1e-4);
});

test("zeroLine of a slope is the straight line it crosses zero on, and a saddle has two pieces in one cell", () => {
  const segments: number[][] = [];
  const collect = (...ends: number[]): void => void segments.push(ends);
  zeroLine(4, 3, (i) => i - 1.25, collect);
  assert.deepEqual(
    segments.map((ends) => [ends[0], ends[2]]),
    [
      [1.25, 1.25],
      [1.25, 1.25],
    ],
  );
  segments.length = 0;
  zeroLine(3, 3, () => 1, collect);
  zeroLine(3, 3, () => NaN, collect);
  assert.deepEqual(segments, []);
  // top left and bottom right positive, and the middle too
  zeroLine(2, 2, (i, j) => (i === j ? 3 : -1), collect);
  assert.deepEqual(segments, [
    [0.75, 0, 1, 0.25],
    [0.25, 1, 0, 0.75],
  ]);
  segments.length = 0;
  zeroLine(2, 2, (i, j) => (i === j ? 1 : -3), collect); // the middle negative
  assert.deepEqual(segments, [
    [0.25, 0, 0, 0.25],
    [1, 0.75, 0.75, 1],
  ]);
});

test("the toy run's numbers are those of the net's own loss, and its gradients are right", () => {
  for (const [precision, reg] of [
    ["float32", 0.05],
    ["float64", 1e-6],
  ] as const) {
    const run = createToyRun({ precision, reg, iteration: 0 });
    const numbers = toyNumbers(run, reg);
    const { loss, grads } = run.net.loss(run.X, run.y, { reg });
    assert.ok(Math.abs(numbers.dataLoss + numbers.penalty - loss) < 1e-15);
    if (reg === 0.05)
      assert.equal(Math.fround(numbers.dataLoss + numbers.penalty), 1.0986121892929077);
    assert.ok(
      grads.W1.equals(numbers.dW1, 1e-15) &&
        grads.b1.equals(numbers.db1, 1e-15) &&
        grads.W2.equals(numbers.dW2, 1e-15) &&
        grads.b2.equals(numbers.db2, 1e-15),
    );
    const { numeric, exercise, best } = checkToyGradients(run, numbers, reg);
    assert.ok(numeric.W1.rows === 4 && numeric.b2.cols === 3);
    for (const error of Object.values(exercise)) assert.ok(error < 1e-4);
    for (const error of Object.values(best)) assert.ok(error < 1e-8);
  }
});

test("the toy run's 200 losses are the stored ones", () => {
  const stored = JSON.parse(
    readFileSync(new URL("../fixtures/reference/toy-training.json", import.meta.url), "utf8"),
  );
  for (const [precision, { lossHistory }] of [
    ["float32", stored.fromFloat32ToyData],
    ["float64", stored.fromFloat64ToyData],
  ] as const) {
    const { trainer } = createToyRun({ precision, reg: 1e-6, iteration: 0 });
    while (!trainer.done) trainer.step();
    assert.equal(lossHistory.length, 200);
    for (const [i, loss] of trainer.history.loss.entries())
      assert.ok(Math.abs(loss - lossHistory[i]) < 1e-12, `iteration ${i}`);
  }
});
