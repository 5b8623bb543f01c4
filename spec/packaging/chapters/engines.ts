// Node 20, 22, 24 and 26: importing, requiring and running the package, and how long that takes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { assertThreads } from "../answers.ts";
import { installedNodes, manifest, project, run } from "../packed.ts";

const command = join("node_modules/twolayer", manifest.bin.twolayer);
const FIRST_PRODUCT = `
  import { Matrix, Random } from "twolayer/core";
  const a = Matrix.randomNormal(64, 64, new Random(1));
  const start = performance.now();
  a.matmul(a);
  console.log(performance.now() - start);
`;
// Whether a search on a worker has the bits of one without, under the kernel whose bits differ.
const FMA_SEARCH = `
  const { configuration, configure, findBestNet, blobs } = twolayer;
  async function run(workers) {
    const { net } = await findBestNet(blobs({ count: 200 }), {
      validation: blobs({ count: 50 }),
      space: { learningRate: [0.1, 1], hiddenSize: [64] },
      iterations: 50,
      workers,
    });
    return JSON.stringify(net);
  }
  async function main() {
    const exact = await run(0);
    if (!configuration().supported.fma) return "unsupported";
    configure({ kernel: "fma" });
    const [alone, onWorkers] = [await run(0), await run(2)];
    return [alone === onWorkers, alone !== exact, ...configuration().notes];
  }
  main().then((answer) => console.log(JSON.stringify(answer)));
`;
const IMPORTS = ["twolayer", ...["core", "report"].map(subpath)];
function subpath(name: string): string {
  return `twolayer/${name}`;
}
const fileOf = (name: string): string => `import-${name.replace("/", "-")}.js`;
const folder = project("engines", {
  files: {
    "empty.js": "",
    "first-product.js": FIRST_PRODUCT,
    "fma.js": `import * as twolayer from "twolayer"; ${FMA_SEARCH}`,
    // newer Nodes require the ES module unless they are told otherwise
    "fma.cjs": `const twolayer = require("./node_modules/twolayer/dist/index.cjs"); ${FMA_SEARCH}`,
    "require-root.cjs": `require("twolayer");`,
    ...Object.fromEntries(IMPORTS.map((name) => [fileOf(name), `import "${name}";`])),
  },
});
const STARTS = [
  ["empty.js"],
  ...IMPORTS.map((name) => [fileOf(name)]),
  ["require-root.cjs"],
  [command, "--version"],
];

for (const [major, node] of Object.entries(installedNodes())) {
  test(`Node ${major} imports it, with threads and workers`, () =>
    assertThreads(JSON.parse(run(node, ["node.js"], { cwd: folder }))));

  test(`Node ${major} requires it, with threads and workers`, () =>
    assertThreads(JSON.parse(run(node, ["require.cjs"], { cwd: folder }))));

  test(`Node ${major} runs it from a text, under options that a worker refuses`, () => {
    const text = `import { run } from "./program.js"; console.log(JSON.stringify(await run()));`;
    const options = ["--expose-gc", "--input-type=module", "--eval", text];
    assertThreads(JSON.parse(run(node, options, { cwd: folder })));
  });

  test(`Node ${major} searches on workers with the kernel that was chosen`, () => {
    for (const file of ["fma.js", "fma.cjs"]) {
      const answer = JSON.parse(run(node, [file], { cwd: folder }));
      assert.deepEqual(answer, Number(major) < 22 ? "unsupported" : [true, true], file);
    }
  });

  test(`Node ${major} runs its command`, () =>
    assert.match(run(node, [command, "--help"], { cwd: folder }), /usage/i));

  test(`Node ${major}: what a start costs beyond an empty module's`, (t) => {
    const times = STARTS.map((): number[] => []);
    for (let turn = 0; turn < 15; turn++) {
      STARTS.forEach((args, i) => {
        const start = performance.now();
        const { status } = spawnSync(node, args, { cwd: folder });
        times[i].push(performance.now() - start);
        assert.equal(status, 0, args.join(" "));
      });
    }
    const least = times.map((each) => Math.min(...each));
    const products = Array.from({ length: 5 }, () =>
      Number(run(node, ["first-product.js"], { cwd: folder })),
    );
    const costs = STARTS.slice(1).map(
      (args, i) => `${args.join(" ")} ${(least[i + 1] - least[0]).toFixed(1)} ms`,
    );
    t.diagnostic(`an empty module ${least[0].toFixed(1)} ms; ${costs.join(", ")}`);
    t.diagnostic(`first product of 64³ in a process: ${Math.min(...products).toFixed(2)} ms`);
  });
}

const newest = Object.entries(installedNodes()).findLast(([major]) => Number(major) >= 24)?.[1];

test("Under --permission it computes in one thread and says so", { skip: !newest }, () => {
  const args = ["--permission", `--allow-fs-read=${folder}*`, "node.js"];
  const { threads, notes, ...rest } = JSON.parse(run(newest!, args, { cwd: folder }));
  assert.deepEqual(rest, { product: true, accuracy: 1, valAccuracy: 1, kernel: "simd" });
  assert.equal(threads, 1);
  assert.match(notes.join("\n"), /^threads: .*restricted.*\nsearch: 0 of 2 .*restricted/);
});
