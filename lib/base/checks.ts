// How an argument that is not what a function takes is refused: `where: name expected …, got …`.
// The message is built only when throwing, so a check costs a comparison.

import { ArgumentRangeError, ArgumentTypeError } from "./errors.ts";

// What JSON.stringify leaves as it is though it steers a terminal or turns the direction of
// reading: DEL and the C1 controls (0x9b begins an escape sequence as ESC [ does), line separators,
// direction marks and overrides.
const STEERING = /[\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * A value as it should appear in an error message: short, unambiguous, on one line, harmless to a
 * terminal.
 */
export function show(value: unknown): string {
  if (typeof value === "string") {
    const quoted = JSON.stringify(value.length > 40 ? value.slice(0, 39) + "…" : value);
    return quoted.replace(
      STEERING,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  }
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) {
    const name =
      typeof value.constructor === "function" && value.constructor.name !== ""
        ? value.constructor.name
        : "object";
    return `${/^[aeio]/i.test(name) ? "an" : "a"} ${name}`; // a Uint8Array, an Int32Array
  }
  return Object.is(value, -0) ? "-0" : String(value);
}

/**
 * A name as it should appear in an error message: bare where it is plain, else as `show` has it.
 */
export function showName(name: string): string {
  return /^[\w.-]{1,60}$/.test(name) ? name : show(name);
}

/** The error for a value of the wrong type: `where: name expected …, got …`. */
export function wrongType(
  where: string,
  name: string,
  expected: string,
  value: unknown,
): ArgumentTypeError {
  return new ArgumentTypeError(`${where}: ${name} expected ${expected}, got ${show(value)}`);
}

/** The error for a wrong value: a RangeError for a number, for all others a TypeError. */
export function wrongValue(
  where: string,
  name: string,
  expected: string,
  value: unknown,
): ArgumentRangeError | ArgumentTypeError {
  const error = wrongType(where, name, expected, value);
  return typeof value === "number" ? new ArgumentRangeError(error.message) : error;
}

/**
 * Throws unless `value` is an integer in min..max: TypeError when it is no number, RangeError when
 * it is the wrong one.
 */
export function checkInteger(
  where: string,
  name: string,
  value: unknown,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return;
  // the bound in the way
  const bounded =
    max < Number.MAX_SAFE_INTEGER || (Number.isInteger(value) && (value as number) > max);
  const range = bounded ? `in ${min}..${max}` : `>= ${min}`;
  throw wrongValue(where, name, `an integer ${range}`, value);
}

/**
 * Throws unless `value` is a finite number >= min (or > min when `open`): TypeError or RangeError
 * as above.
 */
export function checkFinite(
  where: string,
  name: string,
  value: unknown,
  min = -Infinity,
  open = false,
): void {
  if (typeof value === "number" && Number.isFinite(value) && (open ? value > min : value >= min))
    return;
  const range = min === -Infinity ? "" : ` ${open ? ">" : ">="} ${min}`;
  throw wrongValue(where, name, `a finite number${range}`, value);
}

/** Throws a TypeError unless `value` is one of `choices`. */
export function checkChoice(
  where: string,
  name: string,
  value: unknown,
  choices: readonly string[],
): void {
  if (typeof value === "string" && choices.includes(value)) return;
  throw wrongType(where, name, choices.map((choice) => `"${choice}"`).join(" | "), value);
}

/** Whether `value` is an object and no array, Map, Set, Date or the like. */
export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/**
 * Throws a TypeError when `options` is no object or holds a key that is not in `known`: a misspelt
 * option must not be ignored.
 */
export function checkOptions(where: string, options: unknown, known: readonly string[]): void {
  if (!isRecord(options)) throw wrongType(where, "options", "an object", options);
  for (const key of Object.keys(options)) {
    if (!known.includes(key))
      throw new ArgumentTypeError(
        `${where}: unknown option ${showName(key)}; expected ${known.join(", ")}`,
      );
  }
}

/** Throws a TypeError unless `value` is an array; `expected` says of what. */
export function checkArray(
  where: string,
  name: string,
  value: unknown,
  expected = "an array",
): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw wrongType(where, name, expected, value);
}

/** Throws a TypeError unless `value` is an array, typed or not; its elements are not looked at. */
export function checkNumbers(where: string, name: string, value: unknown): void {
  const isList = typeof value === "object" && value !== null && "length" in value;
  if (!isList || !Number.isSafeInteger(value.length))
    throw wrongType(where, name, "an array of numbers", value);
}

/** Throws a RangeError unless there are as many as expected; `what` says of what. */
export function checkCount(
  where: string,
  name: string,
  count: number,
  expected: number,
  what: string,
): void {
  if (count !== expected)
    throw new ArgumentRangeError(`${where}: ${name} expected ${expected} ${what}, got ${count}`);
}

/** Throws a TypeError unless `value` is a string. */
export function checkText(where: string, name: string, value: unknown): void {
  if (typeof value !== "string") throw wrongType(where, name, "a string", value);
}

/** Throws a TypeError unless each of the named options is a string or left out. */
export function checkTextOptions(where: string, options: object, names: readonly string[]): void {
  for (const name of names) {
    const value: unknown = Reflect.get(options, name);
    if (value !== undefined) checkText(where, name, value);
  }
}

/** Throws a TypeError unless `value` is true, false or left out. */
export function checkFlag(where: string, name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "boolean")
    throw wrongType(where, name, "true or false", value);
}

/** Throws a RangeError unless the values differ. */
export function checkDistinct(where: string, name: string, values: readonly unknown[]): void {
  const seen = new Set();
  for (const value of values)
    if (seen.size === seen.add(value).size)
      throw new ArgumentRangeError(
        `${where}: ${name} expected names that differ, got ${show(value)} twice`,
      );
}

/** Throws a TypeError unless `value` is an array of strings. */
export function checkTexts(where: string, name: string, value: unknown): void {
  checkArray(where, name, value, "an array of strings");
  for (const [i, text] of value.entries()) checkText(where, `${name}[${i}]`, text);
}

/** The names as strings, after checking that each is a string or a number. */
export function checkNames(where: string, name: string, value: unknown): string[] {
  checkArray(where, name, value, "an array of names");
  return value.map((each: unknown, i) => {
    if (typeof each !== "string" && typeof each !== "number")
      throw wrongType(where, `${name}[${i}]`, "a string or a number", each);
    return String(each);
  });
}

/** Throws a TypeError unless `value` is a function or undefined. */
export function checkFunction(where: string, name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function")
    throw wrongType(where, name, "a function", value);
}
