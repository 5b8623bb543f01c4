// What a variable of the package is set to when its file is loaded, written so that every bundler
// drops it where it is not used: every file of lib only declares, and so no value has another
// effect. A sum of constants becomes its value; a call is marked as pure; what else a bundler takes
// for an effect, as a template literal, a spread or a class with a computed key, goes into a
// function that is marked as pure. The function has a body, because Babel loses a class that an
// arrow returns without one, when it rewrites private static methods for old engines.
import { Script } from "node:vm";

const VARIABLE = /^var (\w+) = /gm;
const TOP_LEVEL = /^(?:var|class|(?:async )?function\*?) (\w+)/gm;
const SUM = /^[\w\s.()+*/<|-]+$/;
const CALL = /^(?:new \w+|[\w.]+)\(/;
// esbuild knows that the keys which symbols are have no effect; other bundlers do not.
const COMPUTED_KEY = /^class [^]*^ {2}\[(?!Symbol\.iterator\])/m;

/** A program of esbuild's whose variables are all without effect. */
export function withPureVariables(esbuild: any, program: string): string {
  const declared = Array.from(program.matchAll(TOP_LEVEL), ([, name]) => name);
  /** Whether esbuild keeps a variable that nobody uses, in a program that has all other names. */
  const isKept = (statement: string, own: string): boolean => {
    const others = declared.filter((name) => name !== own && statement.includes(name));
    const functions = others.map((name) => `function ${name}() {}`).join(" ");
    const settings = { treeShaking: true, format: "esm", target: "es2022" };
    return esbuild.transformSync(`${functions} ${statement}`, settings).code.includes(`var ${own}`);
  };
  const constants = new Map<string, number>();
  let result = "";
  let done = 0;
  for (const { 0: start, 1: name, index } of program.matchAll(VARIABLE)) {
    const value = expressionAt(program, index + start.length);
    const statement = `${start}${value};`;
    const known = knownValue(value, constants);
    if (known !== undefined) constants.set(name, known);
    const pure = CALL.test(value) ? `/* @__PURE__ */ ${value}` : value;
    const mayBeKept = COMPUTED_KEY.test(value) || isKept(`${start}${pure};`, name);
    const written = mayBeKept ? (known ?? `/* @__PURE__ */ (() => { return ${value}; })()`) : pure;
    result += `${program.slice(done, index)}${start}${written};`;
    done = index + statement.length;
  }
  return result + program.slice(done);
}

/** The expression that begins at an index and ends before a semicolon at the end of a line. */
function expressionAt(program: string, start: number): string {
  for (let end = start; ; end++) {
    end = program.indexOf(";\n", end);
    if (end < 0) throw new Error(`build: no end of ${program.slice(start, start + 60)}`);
    const text = program.slice(start, end);
    if (isExpression(text)) return text;
  }
}

function isExpression(text: string): boolean {
  try {
    new Script(`(${text})`);
    return true;
  } catch {
    return false;
  }
}

/** The value of a sum or product of numbers and constants. */
function knownValue(
  expression: string,
  constants: ReadonlyMap<string, number>,
): number | undefined {
  const names = expression.match(/\b[A-Za-z_]\w*/g) ?? [];
  if (!SUM.test(expression) || !names.every((name) => constants.has(name))) return undefined;
  const text = expression.replace(/\b[A-Za-z_]\w*/g, (name) => String(constants.get(name)));
  const value = new Script(`(${text})`).runInThisContext();
  return typeof value === "number" ? value : undefined;
}
