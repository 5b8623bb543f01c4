import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { withPureVariables } from "../../lib/build/pure-variables.ts";

const esbuild = createRequire(createRequire(import.meta.url).resolve("tsx"))("esbuild");

const PROGRAM = `var SIZE = 4;
var AREA = SIZE * (SIZE + 1);
var EPSILON = 2 ** -52;
function unit() {
  return "cm";
}
var PATTERN = \`\\\\d \${unit()};
\`;
var ALL = [...PATTERN, AREA];
var table = { a: 1 };
`;

test("withPureVariables keeps the values of all variables", () => {
  const names = "({ SIZE, AREA, EPSILON, PATTERN, ALL, table })";
  const valuesOf = (program: string): unknown => Function(`${program}return ${names}`)();
  assert.deepEqual(valuesOf(withPureVariables(esbuild, PROGRAM)), valuesOf(PROGRAM));
});

test("withPureVariables leaves nothing that a bundler keeps where it is not used", () => {
  const dropUnused = (program: string): string =>
    esbuild.transformSync(program, { treeShaking: true, format: "esm" }).code;
  assert.match(dropUnused(PROGRAM), /var AREA/);
  assert.equal(dropUnused(withPureVariables(esbuild, PROGRAM)), "");
});

test("withPureVariables writes a sum of constants as its value, and what is pure as it is", () => {
  const lines = withPureVariables(esbuild, PROGRAM).split("\n");
  assert.deepEqual(lines.slice(0, 3), [
    "var SIZE = 4;",
    "var AREA = 20;",
    "var EPSILON = 2.220446049250313e-16;",
  ]);
  assert.equal(lines.at(-2), "var table = { a: 1 };");
});
