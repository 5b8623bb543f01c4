// The options of a function, checked from one table: the name of each, and what it takes.

import { checkChoice, checkFinite, checkInteger, checkOptions } from "./checks.ts";

/** Throws unless `value` is what the argument or option `name` of `where` may be. */
export type Check = (where: string, name: string, value: unknown) => void;

/**
 * Throws as `checkOptions` does for the options named in `checks`, and as their checks do; an
 * option that is undefined is left out.
 */
export function checkEachOption(
  where: string,
  options: object,
  checks: Readonly<Record<string, Check>>,
): void {
  checkOptions(where, options, Object.keys(checks));
  for (const [name, check] of Object.entries(checks)) {
    const value: unknown = Reflect.get(options, name);
    if (value !== undefined) check(where, name, value);
  }
}

/** The check of a finite number >= min. */
export function atLeast(min: number): Check {
  return (where, name, value) => checkFinite(where, name, value, min);
}

/** The check of an integer in min..max. */
export function integerIn(min: number, max?: number): Check {
  return (where, name, value) => checkInteger(where, name, value, min, max);
}

/** The check of one of `choices`. */
export function oneOf(...choices: readonly string[]): Check {
  return (where, name, value) => checkChoice(where, name, value, choices);
}
