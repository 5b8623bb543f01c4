import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { digitImage, GREY, type Point, SIDE } from "../../examples/playground/page/digits/image.ts";
import { createDigitTraining, readDigits } from "../../examples/playground/page/digits/training.ts";
import {
  checkToyGradients,
  createToyRun,
  toyNumbers,
} from "../../examples/playground/page/mathematics/toy-run.ts";
import { inputMatrix, inputsOf, toggleInput } from "../../examples/playground/page/plane/inputs.ts";
import { zeroLine } from "../../examples/playground/page/plane/marching-squares.ts";
import {
  layoutNet,
  linkCurves,
  nearestCurve,
} from "../../examples/playground/page/plane/net-layout.ts";
import { SwitchedOff } from "../../examples/playground/page/plane/switched-off.ts";
import { createPlaneTraining, csvData } from "../../examples/playground/page/plane/training.ts";
import {
  CSV_LINK_LIMIT,
  initialSettings,
  parseHash,
  serializeHash,
  TABS,
} from "../../examples/playground/page/settings.ts";
import { sha256 } from "../../examples/playground/page/sha256.ts";
import { type Key, LANGUAGES } from "../../examples/playground/page/text/text.ts";
import { weightsHash } from "../../examples/playground/page/weights-hash.ts";
import { FormatError, Matrix, Random } from "../../lib/index.ts";
import { PALETTE } from "../../lib/report/palette.ts";
import { sourceFiles } from "../helpers/sources.ts";
import { WAYS, wobble } from "./drawn-digits.ts";

const page = (name: string): string =>
  readFileSync(new URL(`../../examples/playground/${name}`, import.meta.url), "utf8");

test("A link holds the settings that are not initial and brings them back", () => {
  for (const tab of TABS) {
    assert.equal(serializeHash(tab, initialSettings(tab)), `#${tab}`);
    assert.deepEqual(parseHash(`#${tab}`), { tab, settings: initialSettings(tab) });
  }
  const settings = {
    ...initialSettings("plane"),
    inputs: "x.xy",
    hide: "net.reg",
    data: "csv" as const,
    csv: 'a,b,"c&d"\n1,2,é=#?\n',
    hidden: 3,
    rate: 1e-5,
    lines: false,
  };
  const hash = serializeHash("plane", settings);
  assert.equal(
    hash,
    "#plane?data=csv&inputs=x.xy&hidden=3&rate=0.00001&lines=false" +
      "&csv=a%2Cb%2C%22c%26d%22%0A1%2C2%2C%C3%A9%3D%23%3F%0A&hide=net.reg",
  );
  assert.deepEqual(parseHash(hash), { tab: "plane", settings });
  assert.equal(
    serializeHash("plane", { ...settings, csv: "x".repeat(CSV_LINK_LIMIT + 1) }),
    "#plane?data=csv&inputs=x.xy&hidden=3&rate=0.00001&lines=false&hide=net.reg",
  );
});

test("parseHash ignores values that are no settings", () => {
  const initial = { tab: "plane", settings: initialSettings("plane") };
  for (const hash of [
    "",
    "#",
    "#plane?inputs=&inputs=x.z&inputs=X&heldOut=9&heldOut=81&background=red&hide=all&test=no",
    "#elsewhere",
    "#plane?hidden=0&hidden=65&points=1e3&seed=-1&seed=1.5&noise=2&rate=0&rate=Infinity",
    "#plane?reg=&batch=x&data=moon&speed=2&lines=1",
    "#plane?__proto__=1&constructor=2&hasOwnProperty=3",
    "#plane?%",
    "#plane?&&==",
    "#plane?seed=9007199254740992",
  ])
    assert.deepEqual(parseHash(hash), initial, hash);
});

test("The page's colors are those of the library's figures", () => {
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

test("The page's policy allows its own files and WebAssembly, and nothing from elsewhere", () => {
  const html = page("index.html");
  const policy = /http-equiv="Content-Security-Policy" content="(.*?)"/s.exec(html)![1];
  assert.deepEqual(
    policy.split(";").map((directive) => directive.trim()),
    [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "worker-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
    ],
  );
  assert.doesNotMatch(html, /(?:src|href)="(?:https?:|\/\/|data:)|\sstyle="|\son[a-z]+="/);
  assert.doesNotMatch(page("style.css"), /url\(/);
});

test("Every language has the same texts with the same values in them", () => {
  const names = (words: string): string[] => Array.from(words.matchAll(/\{\w+\}/g), String).sort();
  assert.ok(Object.keys(LANGUAGES).length >= 2);
  for (const [language, texts] of Object.entries(LANGUAGES)) {
    assert.deepEqual(Object.keys(texts).sort(), Object.keys(LANGUAGES.en).sort(), language);
    for (const [key, words] of Object.entries(texts)) {
      assert.notEqual(words.trim(), "", `${language}: ${key}`);
      assert.deepEqual(names(words), names(LANGUAGES.en[key as Key]), `${language}: ${key}`);
    }
  }
});

test("Every text is used, and every text that the page names is there", () => {
  const sources = sourceFiles("examples/playground/page").map((file) => page(`page/${file}`));
  const html = page("index.html");
  const named = Array.from(html.matchAll(/data-(?:text|label)="([^"]+)"/g), ([, key]) => key);
  assert.deepEqual(
    named.filter((key) => !(key in LANGUAGES.en)),
    [],
  );
  const code = sources.filter((source) => !source.includes('language.name":')).join("\n");
  const unused = Object.keys(LANGUAGES.en).filter(
    (key) => !named.includes(key) && !code.includes(`"${key}"`),
  );
  assert.deepEqual(unused, []);
});

test("sha256 gives the digests of FIPS 180 and of Node", () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  assert.equal(
    sha256(bytes("abc")),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 1000]) {
    const data = Uint8Array.from({ length }, (_, i) => i);
    assert.equal(sha256(data), createHash("sha256").update(data).digest("hex"), `${length} bytes`);
  }
});

test("The net's lines begin and end at its buttons, and the nearest one is found", () => {
  for (const [width, hidden] of [
    [343, 1],
    [343, 64],
    [460, 16],
    [800, 40],
  ]) {
    const layout = layoutNet(width, { inputs: 7, hidden, classes: 3 });
    const places = [...layout.inputs, ...layout.units, ...layout.outputs];
    const outside = places.filter(
      ({ x, y }) => x < 22 || x > width - 22 || y < 22 || y > layout.height - 21,
    );
    assert.deepEqual(outside, [], `${width} px, ${hidden} units`);
    for (const [i, { x, y }] of places.entries())
      for (const other of places.slice(i + 1))
        assert.ok(Math.abs(x - other.x) >= 44 || Math.abs(y - other.y) >= 44, "buttons overlap");
  }
  const layout = layoutNet(460, { inputs: 7, hidden: 16, classes: 3 });
  const curves = linkCurves(layout, [0, 1, 4]);
  assert.equal(curves.length, 16 * (3 + 3));
  const last = curves[curves.length - 1];
  const found = nearestCurve(curves, { x: last.end.x - 1, y: last.end.y }, 7);
  assert.deepEqual({ layer: found?.link.layer, to: found?.link.to }, { layer: 2, to: 2 });
  assert.equal(nearestCurve(curves, { x: 0, y: 0 }, 7), undefined);
});

test("Inputs are listed in one order, and the last one cannot be switched off", () => {
  assert.equal(toggleInput("x.y", "xy"), "x.y.xy");
  assert.equal(toggleInput("x.y.xy", "y"), "x.xy");
  assert.equal(toggleInput("xy", "xy"), "xy");
  const points = new Matrix(1, 2, Float64Array.of(0.5, -0.25));
  const inputs = inputMatrix(points, inputsOf("x.y.xx.yy.xy.sinx.siny"));
  assert.ok(
    inputs.equals(
      new Matrix(1, 7, Float64Array.of(0.5, -0.25, 0.25, 0.0625, -0.125, 1, -Math.SQRT1_2)),
      1e-15,
    ),
  );
});

test("A unit that is switched off stays off while training and returns with its weights", () => {
  const { net, trainer } = createPlaneTraining(initialSettings("plane"));
  const off = new SwitchedOff(net);
  const before = net.params.W2.row(3).slice();
  off.toggle(3);
  for (let i = 0; i < 20; i++) {
    trainer.step();
    off.apply();
  }
  assert.deepEqual([...net.params.W2.row(3)], [0, 0]);
  assert.notDeepEqual([...net.params.W2.row(4)], [0, 0]);
  off.toggle(3);
  assert.deepEqual(net.params.W2.row(3), before);
  assert.equal(off.units.size, 0);
});

const line = (...numbers: number[]): Point[] =>
  Array.from({ length: numbers.length / 2 }, (_, i) => ({
    x: numbers[2 * i],
    y: numbers[2 * i + 1],
  }));
const rows = (image: Float64Array): number[][] =>
  Array.from({ length: SIDE }, (_, i) => Array.from(image.subarray(SIDE * i, SIDE * (i + 1))));

test("digitImage of an upright bar has the height, the place and the ink of the UCI digits", () => {
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

test("digitImage depends neither on place and size nor on how strokes are cut", () => {
  const seven = line(20, 20, 80, 20, 50, 120);
  const image = digitImage([seven])!;
  assert.deepEqual(
    digitImage([seven.map(({ x, y }) => ({ x: 4 * x - 1024, y: 4 * y + 512 }))]),
    image,
  );
  assert.deepEqual(digitImage([line(20, 20, 80, 20), line(80, 20, 50, 120)]), image);
  assert.deepEqual(digitImage([[], seven, []]), image);
});

test("digitImage of dots and level lines is an image, of nothing undefined", () => {
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

test("The digits net reads drawings of every digit", () => {
  const digits = readDigits(
    readFileSync(new URL("../../examples/digits/digits.csv", import.meta.url), "utf8"),
  );
  assert.deepEqual([digits.X.rows, digits.X.cols, digits.y.length], [1797, 64, 1797]);
  const settings = { ...initialSettings("digits"), hidden: 60 };
  const { net, trainer, train, heldOut } = createDigitTraining(digits, settings);
  assert.deepEqual([train.X.rows, heldOut.X.rows, trainer.iterations], [1438, 359, 1222]);
  while (!trainer.done) trainer.step();
  assert.ok(net.accuracy(heldOut.X, heldOut.y) > 0.96);
  const random = new Random(11);
  const drawn = WAYS.flatMap((way) =>
    Array.from({ length: 8 }, () => ({ way, image: digitImage(wobble(way.strokes, random))! })),
  );
  const X = new Matrix(drawn.length, 64).map((_, i, j) => drawn[i].image[j] / GREY);
  const predicted = net.predict(X);
  const wrong = drawn.filter(({ way }, i) => way.digit !== predicted[i]).map(({ way }) => way);
  assert.ok(wrong.length <= 0.08 * drawn.length, `${wrong.length} of ${drawn.length} misread`);
  const open = wrong.filter(({ name }) => name.startsWith("open,"));
  assert.ok(open.length <= 6, `${open.length} of 24 open 4s misread`);
});

test("A plane training depends on its settings alone", () => {
  const hash = (changes: object): string => {
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
    assert.equal(hash({ data }), hash({ data }));
    assert.notEqual(hash({ data }), hash({ data, seed: 2 }));
  }
  const hashes = ["sgd", "momentum", "nesterov", "adam"].map((optimizer) => hash({ optimizer }));
  assert.equal(new Set(hashes).size, 4);
  assert.notEqual(hash({}), hash({ inputs: "x.y.xy" }));
  assert.notEqual(hash({}), hash({ heldOut: 40 }));
  assert.match(hashes[0], /^[0-9a-f]{64}$/);
});

test("Every data set has training points of all classes and held-out points", () => {
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

test("csvData refuses anything but two columns of numbers and one of classes", () => {
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

test("CSV columns are standardized by their training rows", () => {
  const lines = Array.from({ length: 50 }, (_, i) => `${1e6 + i},${i / 1e6},${i % 2}\n`);
  const csv = `a,b,c\n${lines.join("")}`;
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

test("zeroLine is straight for a slope and has two pieces in a saddle's cell", () => {
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

test("The toy run's numbers are those of the net's own loss", () => {
  for (const [precision, reg] of [
    ["float32", 0.05],
    ["float64", 1e-6],
  ] as const) {
    const run = createToyRun({ ...initialSettings("mathematics"), precision, reg });
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

test("The toy run has the stored 200 losses", () => {
  const stored = JSON.parse(
    readFileSync(new URL("../fixtures/reference/toy-training.json", import.meta.url), "utf8"),
  );
  for (const [precision, { lossHistory }] of [
    ["float32", stored.fromFloat32ToyData],
    ["float64", stored.fromFloat64ToyData],
  ] as const) {
    const { trainer } = createToyRun({ ...initialSettings("mathematics"), precision });
    while (!trainer.done) trainer.step();
    assert.equal(lossHistory.length, 200);
    for (const [i, loss] of trainer.history.loss.entries())
      assert.ok(Math.abs(loss - lossHistory[i]) < 1e-12, `iteration ${i}`);
  }
});
