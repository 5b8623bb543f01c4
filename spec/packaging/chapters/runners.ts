// Test runners, each with no more configuration than its mode needs: the program in its contexts,
// whose globals are not those of Node, with threads and workers.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { project, run } from "../packed.ts";

const RIGHT = `{
  product: true, accuracy: 1, valAccuracy: 1, kernel: "simd", threads: 2, notes: []
}`;

const ES_TEST = (imports: string): string => `
  ${imports}
  import { run } from "./program.js";
  import { Matrix, parseNpy, serializeNpy } from "twolayer";
  import { Classifier } from "twolayer/model";
  test("program", async () => expect(await run()).toEqual(${RIGHT}), 60000);
  test("arrays of this context", () => {
    const bytes = serializeNpy(new Matrix(1, 2, new Float64Array([1, 2])));
    expect([...parseNpy(Buffer.from(bytes)).data]).toEqual([1, 2]);
    expect(Classifier.name).toBe("Classifier");
  });
`;
const CJS_TEST = `
  const { run } = require("./require.cjs");
  const { Matrix, parseNpy, serializeNpy } = require("twolayer");
  test("program", async () => expect(await run()).toEqual(${RIGHT}), 60000);
  test("arrays of this context", () => {
    const bytes = serializeNpy(new Matrix(1, 2, new Float64Array([1, 2])));
    expect([...parseNpy(Buffer.from(bytes)).data]).toEqual([1, 2]);
  });
`;
const TS_TEST = `
  import { Matrix, TwoLayerNet, findBestNet, blobs } from "twolayer";
  import { Classifier } from "twolayer/model";
  test("a search on workers", async () => {
    const data = blobs({ count: 60 });
    const space = { learningRate: [0.1, 1] };
    const found = await findBestNet(data, { validation: data, space, workers: 2, iterations: 50 });
    const net: TwoLayerNet = found.net;
    expect(net.accuracy(data.X, data.y)).toBe(1);
    expect(Matrix.identity(2).sum()).toBe(2);
    expect(Classifier.name).toBe("Classifier");
  }, 60000);
`;

const JEST_MODES: { mode: string; files: { [path: string]: string }; options?: string[] }[] = [
  { mode: "CommonJS", files: { "a.test.cjs": CJS_TEST } },
  { mode: "jsdom", files: { "a.test.cjs": CJS_TEST }, options: ["--env=jsdom"] },
  { mode: "ES modules", files: { "a.test.mjs": ES_TEST("") } },
  {
    mode: "ts-jest",
    files: {
      "a.test.ts": TS_TEST,
      "tsconfig.json": `{ "compilerOptions": {
        "module": "commonjs", "moduleResolution": "node10", "target": "es2022",
        "esModuleInterop": true, "isolatedModules": true, "types": []
      } }`,
    },
    options: ["--preset=ts-jest"],
  },
];

for (const jest of ["jest29", "jest30"]) {
  for (const { mode, files, options = [] } of JEST_MODES) {
    test(`${jest}, ${mode}`, () => {
      const folder = project(`${jest}-${mode.replaceAll(" ", "-")}`, {
        tools: jest,
        type: mode === "ES modules" ? "module" : "commonjs",
        files: {
          "jest.config.cjs": `module.exports = {
            testMatch: ["**/*.test.*"],
            ${mode === "ts-jest" ? "" : "transform: {},"}
          };`,
          ...files,
        },
      });
      const command = join(folder, "node_modules/jest/bin/jest.js");
      const flags = mode === "ES modules" ? ["--experimental-vm-modules", "--no-warnings"] : [];
      const args = [...flags, command, "--json", ...options];
      const result = JSON.parse(run(process.execPath, args, { cwd: folder, chatty: true }));
      assert.equal(result.numPassedTests, mode === "ts-jest" ? 1 : 2);
    });
  }
}

const VITEST_OPTIONS = ["threads", "vmThreads", "forks", "vmForks"].map((pool) => [
  `--pool=${pool}`,
]);

for (const options of [...VITEST_OPTIONS, ["--environment=jsdom"]]) {
  test(`vitest ${options.join(" ")}`, () => {
    const imports = `import { expect, test } from "vitest";`;
    const folder = project(`vitest-${options.join("").replace(/\W+/g, "")}`, {
      tools: "vitest",
      files: { "a.test.js": ES_TEST(imports) },
    });
    const command = join(folder, "node_modules/vitest/vitest.mjs");
    const args = [command, "run", "--reporter=json", ...options];
    const result = JSON.parse(run(process.execPath, args, { cwd: folder, chatty: true }));
    assert.equal(result.numPassedTests, 2);
  });
}

test("node:test", () => {
  const folder = project("node-test", {
    files: {
      "a.test.js": `
        import assert from "node:assert/strict";
        import { test } from "node:test";
        import { run } from "./program.js";
        test("program", async () => assert.deepEqual(await run(), ${RIGHT}));
      `,
    },
  });
  assert.match(run(process.execPath, ["--test"], { cwd: folder }), /^(# |ℹ )pass 1$/m);
});
