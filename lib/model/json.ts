// Checks of the JSON in model files and of what is written as JSON.

import { isRecord, show } from "../base/checks.ts";
import { ArgumentTypeError } from "../base/errors.ts";

/** Whether `value` is an object of JSON: no array, not null. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Throws a TypeError unless JSON can hold `value` and it is an object there too, as the parsers
 * require: no Date, no circular reference, no BigInt.
 */
export function checkPlain(where: string, name: string, value: unknown): void {
  let plain: unknown;
  try {
    plain = isRecord(value) ? JSON.parse(JSON.stringify(value)) : undefined;
  } catch {
    plain = undefined;
  }
  if (!isObject(plain))
    throw new ArgumentTypeError(
      `${where}: ${name} expected an object of plain JSON, got ${show(value)}`,
    );
}
