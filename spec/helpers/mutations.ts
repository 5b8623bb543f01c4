// Damage done to a small file in every way that is cheap to enumerate, for tests of readers: cut
// off at every length, and one byte changed at a time.
import assert from "node:assert/strict";
import { FormatError } from "../../lib/base/errors.ts";

/** Runs `f` without stack traces, which cost more than the parsers that throw. */
function withoutStacks<T>(f: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return f();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Asserts that `parse` throws a FormatError for every proper prefix of `file`. */
export function refusesEveryTruncation(
  file: Uint8Array,
  parse: (bytes: Uint8Array) => unknown,
): void {
  withoutStacks(() => {
    for (let length = 0; length < file.length; length++) {
      let thrown: unknown;
      try {
        parse(file.slice(0, length));
      } catch (error) {
        thrown = error;
      }
      if (!(thrown instanceof FormatError))
        assert.fail(`cut to ${length} of ${file.length} bytes: ${thrown}`);
    }
  });
}

/**
 * Asserts that `parse`, with one byte of `file` changed, returns or throws a FormatError whose
 * offset lies within the file; every byte is changed to each of `values` (default all 255 others).
 * `check` sees what was returned. Returns how many changes were refused.
 */
export function survivesEveryByteChange<T>(
  file: Uint8Array,
  parse: (bytes: Uint8Array) => T,
  { values, check }: { values?: readonly number[]; check?: (parsed: T) => void } = {},
): number {
  const bytes = Uint8Array.from(file);
  let refused = 0;
  withoutStacks(() => {
    for (let at = 0; at < file.length; at++) {
      for (const value of values ?? Array.from({ length: 256 }, (_, i) => i)) {
        if (value === file[at]) continue;
        bytes[at] = value;
        let parsed: T;
        try {
          parsed = parse(bytes);
        } catch (error) {
          if (!(error instanceof FormatError))
            assert.fail(`byte ${at} = ${value}: ${error instanceof Error ? error.stack : error}`);
          if (!(error.offset >= 0 && error.offset <= file.length))
            assert.fail(`byte ${at} = ${value}: offset ${error.offset} of ${file.length}`);
          refused++;
          continue;
        }
        check?.(parsed);
      }
      bytes[at] = file[at];
    }
  });
  return refused;
}
