// The types, read strictly by the compilers in use, with every way to resolve a module, without
// the types of Node or of the browser.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { here, project, root, run } from "../packed.ts";

const folder = project("types", {
  files: {
    "required.cts": `
      import twolayer = require("twolayer");
      import core = require("twolayer/core");
      export const one: twolayer.Matrix = core.Matrix.identity(1);
    `,
    "subpaths.ts": `
      import { Matrix } from "twolayer/core";
      import { split } from "twolayer/data";
      import { parseNpy } from "twolayer/formats";
      import { Classifier } from "twolayer/model";
      import { lineChart } from "twolayer/report";
      import { findBestNet } from "twolayer/search";
      import * as twolayer from "twolayer";
      export const same: twolayer.Matrix = Matrix.identity(1);
      export { Classifier, findBestNet, lineChart, parseNpy, split };
    `,
  },
});
const MODULES = ["types.ts", "pairs.ts", "subpaths.ts"];

const LIBRARY = "ES2022"; // the language level that the package needs
// Typed arrays have a type parameter since 5.7, and more methods in each later library.
const LATEST_LIBRARY = "ESNext";

type Resolution = { module: string; moduleResolution: string; files: string[] };
const RESOLUTIONS: Resolution[] = [
  { module: "node16", moduleResolution: "node16", files: [...MODULES, "required.cts"] },
  { module: "nodenext", moduleResolution: "nodenext", files: [...MODULES, "required.cts"] },
  { module: "esnext", moduleResolution: "bundler", files: MODULES },
];
const NODE10 = { module: "esnext", moduleResolution: "node10", files: MODULES };
const COMPILERS: { name: string; path: string; resolutions: Resolution[] }[] = [
  {
    name: "TypeScript 5.0",
    path: join(here, "node_modules/typescript50/bin/tsc"),
    resolutions: [...RESOLUTIONS, NODE10],
  },
  {
    name: "TypeScript 5.9",
    path: join(here, "node_modules/typescript59/bin/tsc"),
    resolutions: [...RESOLUTIONS, NODE10],
  },
  {
    name: "TypeScript 7", // without node10
    path: join(root, "node_modules/typescript/bin/tsc"),
    resolutions: RESOLUTIONS,
  },
];

for (const { name, path, resolutions } of COMPILERS) {
  const cases = [
    ...resolutions.map((resolution) => ({ ...resolution, lib: [LIBRARY] })),
    { ...resolutions[0], lib: [LATEST_LIBRARY] },
  ];
  for (const { files, ...options } of cases) {
    const how = `module resolution ${options.moduleResolution}, lib ${options.lib}`;
    test(`${name} reads the types with ${how}`, () => {
      const compilerOptions = {
        ...options,
        target: "es2022",
        types: [],
        noEmit: true,
        strict: true,
        skipLibCheck: false,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
      };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
      assert.equal(run(process.execPath, [path, "-p", "."], { cwd: folder }), "");
    });
  }
}
