// What SECURITY.md promises about the code, and hostile text on its way through it: into objects,
// terminals, SVG and HTML.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { print } from "../../lib/cli/terminal.ts";
import { encodeTable } from "../../lib/data/encode.ts";
import { fitEncoding } from "../../lib/data/fit.ts";
import { tableFromRecords } from "../../lib/data/records.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { parseNpz, serializeNpz } from "../../lib/formats/npz.ts";
import { parseSafetensors, serializeSafetensors } from "../../lib/formats/safetensors.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { netToTensors } from "../../lib/model/net-tensors.ts";
import { confusionMatrix, confusionTable } from "../../lib/report/confusion-matrix.ts";
import { decisionBoundary } from "../../lib/report/decision-boundary.ts";
import { lineChart } from "../../lib/report/line-chart.ts";
import { progressLine } from "../../lib/report/progress.ts";
import { reportPage } from "../../lib/report/report-page.ts";
import { searchHeatmap } from "../../lib/report/search-heatmap.ts";
import { formatTable } from "../../lib/report/table.ts";
import { trainingCurves } from "../../lib/report/training-curves.ts";
import { weightGrid } from "../../lib/report/weight-grid.ts";
import { randomProblem } from "../helpers/nets.ts";
import { codeOf, importsOf, ROOT, sourceFiles } from "../helpers/sources.ts";

const SOURCES = [
  ...sourceFiles("lib").map((file) => `lib/${file}`),
  ...sourceFiles("examples").map((file) => `examples/${file}`),
];

// Node's modules that reach other machines or start programs, and who may have them.
const REACHING = new RegExp(
  `^(node:)?(${[
    "http|https|http2|net|tls|dgram|dns|dns/promises",
    "child_process|cluster|inspector|vm|repl|v8|wasi",
  ].join("|")})$`,
);
const FORBIDDEN = new RegExp(
  [
    String.raw`\beval\s*\(`,
    String.raw`\bFunction\s*\(`,
    String.raw`\b(XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts)\b`,
  ].join("|"),
);
const ALLOWED: Record<string, string[]> = {
  "examples/playground/server.ts": ["node:http"],
  "lib/build/declarations.ts": ["node:child_process"], // runs tsc while the package is built
  "lib/build/pure-variables.ts": ["node:vm"], // computes constants while the package is built
};

test("The sources make no code from text and use no network and no other programs", () => {
  assert.ok(SOURCES.length > 80, `only ${SOURCES.length} files found`);
  for (const file of SOURCES) {
    const code = codeOf(file);
    const reaching = importsOf(file)
      .filter(({ from, typeOnly }) => !typeOnly && REACHING.test(from))
      .map(({ from }) => from);
    assert.deepEqual(
      reaching.filter((from) => !ALLOWED[file]?.includes(from)),
      [],
      file,
    );
    for (const [, name] of code.matchAll(/getBuiltinModule\??\.?\(\s*["'`]([^"'`]+)["'`]/g))
      assert.doesNotMatch(name, REACHING, file);
    assert.doesNotMatch(code, FORBIDDEN, file);
    // a call of the global function, not of a method, nor the method itself
    if (file.startsWith("lib/"))
      assert.doesNotMatch(code, /(?<![.#])\bfetch\s*\((?![^)]*\)[^{;\n]*\{)/, file);
    if (!file.startsWith("lib/"))
      for (const [, what] of code.matchAll(/\bfetch\s*\(\s*([^)]*)/g))
        assert.doesNotMatch(what, /https?:|\/\//, file);
    assert.doesNotMatch(
      code,
      /\.(innerHTML|outerHTML)\s*=|insertAdjacentHTML|document\.write/,
      file,
    );
  }
});

test("The package runs nothing when it is installed, and depends on nothing", () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  for (const script of [
    "preinstall",
    "install",
    "postinstall",
    "prepare",
    "prepublish",
    "preuninstall",
    "postuninstall",
  ]) {
    assert.equal(manifest.scripts[script], undefined, script);
  }
  for (const kind of [
    "dependencies",
    "optionalDependencies",
    "peerDependencies",
    "bundledDependencies",
    "bundleDependencies",
  ])
    assert.equal(manifest[kind], undefined, kind);
});

const NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "__defineGetter__",
];

/** Asserts that no object got a member it did not have. */
function assertUnpolluted(f: () => void): void {
  const before = [Object.prototype, Array.prototype, Function.prototype, Map.prototype].map(
    (prototype) => Reflect.ownKeys(prototype).length,
  );
  f();
  const after = [Object.prototype, Array.prototype, Function.prototype, Map.prototype].map(
    (prototype) => Reflect.ownKeys(prototype).length,
  );
  assert.deepEqual(after, before);
  assert.deepEqual(Object.keys({}), []);
  assert.equal(Object.getPrototypeOf({}), Object.prototype);
}

test("Names of JavaScript's own members are names like any other in data and files", () =>
  assertUnpolluted(() => {
    const csv = parseCsv(
      [
        `${NAMES.join(",")},label`,
        `${NAMES.map((_, i) => i).join(",")},__proto__`,
        `${NAMES.map((_, i) => -i).join(",")},constructor\n`,
      ].join("\n"),
    );
    assert.deepEqual(csv.columns, [...NAMES, "label"]);
    const encoding = fitEncoding(csv, { label: "label", features: NAMES });
    const { X, y } = encodeTable(csv, encoding);
    assert.deepEqual(
      [X.toRows()[0], [...y], encoding.classes],
      [
        [0, 1, 2, 3, 4, 5],
        [0, 1],
        ["__proto__", "constructor"],
      ],
    );
    const records = tableFromRecords([JSON.parse('{"__proto__": 1, "a": "x", "constructor": 2}')]);
    assert.deepEqual(
      [records.columns, records.number(0, 0)],
      [["__proto__", "a", "constructor"], 1],
    );
    assert.ok(
      Number.isNaN(tableFromRecords([{ toString: 1 }, {}]).number(1, 0)),
      "an inherited member is no cell",
    );

    const tensors = new Map(NAMES.map((name, i) => [name, new Matrix(1, 1, Float64Array.of(i))]));
    const npz = parseNpz(serializeNpz(tensors), { inflate: inflateRawSync });
    assert.deepEqual(
      [...npz].map(([name, { data }]) => [name, data[0]]),
      NAMES.map((name, i) => [name, i]),
    );
    const metadata = JSON.parse('{"__proto__": "polluted", "constructor": "x"}') as {
      [key: string]: string;
    };
    const read = parseSafetensors(serializeSafetensors(tensors, { metadata }));
    assert.deepEqual([...read.tensors.keys()], NAMES);
    assert.deepEqual(
      [...read.metadata],
      [
        ["__proto__", "polluted"],
        ["constructor", "x"],
      ],
    );
    assert.ok(
      serializeSafetensors(netToTensors(randomProblem(1, 1, 1, 1, 1).net), { metadata }).length > 0,
    );
  }));

test("Options with a member called __proto__ are refused", () => {
  const options = JSON.parse('{"__proto__": {"header": false}}') as object;
  assert.throws(() => parseCsv("a\n1\n", options), {
    name: "TypeError",
    message:
      "parseCsv: unknown option __proto__; " +
      "expected name, delimiter, decimal, header, expected, encoding",
  });
});

// What a label or a file's name could do to a terminal: colors, moving, clearing, titles,
// hyperlinks, C1 forms, bells.
const ESCAPES = [
  "\u001b[31mred",
  "\u001b[2J\u001b[H",
  "\u001b]0;title\u0007",
  "\u001b]8;;http://x\u001b\\",
  "\u009b31m",
  "\u009d0;t\u009c",
  "\rover",
  "a\bb",
  "\u202egnp",
  "\u0000",
  "\u007f",
  "two\nlines",
];
const MARKUP = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "'&lt;",
  "]]>",
  "<!--",
  "--></svg>",
  "&#x3c;b",
  "javascript:alert(1)",
  ...ESCAPES,
];

test("No label reaches a terminal with a control character in it", async () => {
  const texts = [
    formatTable([ESCAPES, ESCAPES], { header: ESCAPES }),
    confusionTable(
      ESCAPES.map((_, i) => ESCAPES.map((__, j) => i + j)),
      { classes: ESCAPES },
    ),
    progressLine(
      { done: 1, total: 2, epoch: 0, loss: 0.5, elapsed: 10 } as Parameters<typeof progressLine>[0],
      80,
    ),
  ];
  for (const text of texts)
    assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
  assert.equal(
    texts[0].split("\n").length,
    formatTable([["a"], ["b"]], { header: ["c"] }).split("\n").length,
    "a label added a line",
  );

  const { write, isTTY } = process.stdout;
  let shown = "";
  process.stdout.write = ((chunk: unknown, done: () => void) => {
    shown += String(chunk);
    done();
    return true;
  }) as typeof write;
  try {
    for (const terminal of [true, false]) {
      process.stdout.isTTY = terminal;
      await print("label\n\u001b[31mred\n");
    }
  } finally {
    process.stdout.write = write;
    process.stdout.isTTY = isTTY;
  }
  assert.equal(
    shown,
    "label\n\\x1b[31mred\nlabel\n\u001b[31mred\n",
    "spelt out on a terminal, every byte kept in a file",
  );
});

test("No text becomes markup in any figure or on the report page", () => {
  const { net, X, y } = randomProblem(1, 8, 2, 3, MARKUP.length);
  const history = { loss: [1, 0.5], trainAccuracy: [0.5], valAccuracy: [0.6] };
  for (const text of MARKUP) {
    const facts = JSON.parse(
      `{${JSON.stringify(text)}: ${JSON.stringify(text)}, "__proto__": "x"}`,
    ) as { [key: string]: string };
    const texts = [
      lineChart(
        [
          { name: text, y: [1, 2] },
          { name: `${text}2`, y: [2, 1] },
        ],
        { title: text, description: text, xLabel: text, yLabel: text },
      ),
      trainingCurves(history, { title: text }),
      confusionMatrix(
        MARKUP.map((_, i) => MARKUP.map((__, j) => i + j)),
        { classes: MARKUP, title: text },
      ),
      searchHeatmap(
        [
          { x: 1, y: 1, score: 0.5 },
          { x: 2, y: 2, score: 0.7 },
        ],
        { title: text, xLabel: text, yLabel: text },
      ),
      decisionBoundary(net, X, y, { title: text, classes: MARKUP, columns: [text, text] }),
      weightGrid(net.params.W1, { width: 2, height: 1, title: text }),
      reportPage({
        title: text,
        summary: text,
        about: facts,
        settings: facts,
        command: text,
        accuracy: { [text]: 0.5 },
        history,
        classes: MARKUP,
        columns: [text, text],
        evaluation: {
          name: text,
          actual: y,
          predicted: y.map((label) => (label + 1) % MARKUP.length),
          inputs: X,
        },
      }),
    ];
    for (const [i, markup] of texts.entries()) {
      const refuse = (pattern: RegExp, where = markup): void => {
        const found = pattern.exec(where);
        assert.equal(
          found && where.slice(Math.max(0, found.index - 100), found.index + 100),
          null,
          `figure ${i}, ${JSON.stringify(text)}`,
        );
      };
      refuse(/<script|<img(?! src="data:image)|="javascript:|<!--/i);
      refuse(/[\p{Cc}\u202a-\u202e]/u, markup.replaceAll("\n", ""));
      // what is neither text nor a value
      refuse(
        /\bon[a-z]+=|alert|]]>/i,
        markup.replace(/>[^<]*</g, "><").replace(/="[^"]*"/g, '=""'),
      );
    }
  }
});
