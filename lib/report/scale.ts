// Axes, linear or logarithmic: the place of a value, and ticks at 1, 2 or 5 times powers of ten,
// for any data (constant, empty, over the whole range of float64).

import { formatPercent, groupThousands } from "./text.ts";

export type Scale = {
  /** The ends of the axis; min < max always. */
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
  /** The ticks as text, one for each. */
  readonly labels: readonly string[];
  /** The place of `value`: 0 at min, 1 at max, clamped; NaN if the axis has no place for it. */
  at(value: number): number;
};

export type ScaleOptions = {
  /** The approximate number of ticks. Default: 5. */
  count?: number | undefined;
  /** Widens the ends to the next ticks. Default: true. */
  nice?: boolean | undefined;
  /** Puts ticks at integers only. Default: false. */
  integer?: boolean | undefined;
  /** Writes ticks as percentages. Default: false. */
  percent?: boolean | undefined;
  /** The axis does not extend beyond these. Default: no limits. */
  limits?: readonly [min: number, max: number] | undefined;
};

// max − min of ends clamped to it is finite, also after they were widened to the next ticks
const HUGE = 4e307;
// a span below this part of the values themselves is round-off: the data count as constant
const SAME = 1e-10;

/**
 * The smallest and largest finite value over all arrays (only positive ones count where
 * `positive`), or undefined when there is none.
 */
export function extent(
  arrays: Iterable<ArrayLike<number>>,
  positive = false,
): [min: number, max: number] | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (const values of arrays) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (!Number.isFinite(value) || (positive && value <= 0)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return min <= max ? [min, max] : undefined;
}

/** A linear axis over min..max. */
export function linearScale(min: number, max: number, options: ScaleOptions = {}): Scale {
  const { count = 5, nice = true, integer = false, percent = false, limits } = options;
  const bound = (value: number) => Math.min(Math.max(value, -HUGE), HUGE);
  [min, max] = widen(bound(min), bound(max), integer);
  // data beyond the limits must still be seen
  const inside =
    limits && Math.max(min, limits[0]) < Math.min(max, limits[1]) ? limits : [-Infinity, Infinity];
  [min, max] = [Math.max(min, inside[0]), Math.min(max, inside[1])];
  const { mantissa, exponent } = niceStep((max - min) / Math.max(1, count), integer);
  // A tick is k·mantissa·10^exponent, computed so that 3 steps of 0.1 are 0.3 and not
  // 0.30000000000000004.
  const power = powerOfTen(Math.abs(exponent));
  // + 0: no −0
  const tick = (k: number) => (exponent < 0 ? (k * mantissa) / power : k * mantissa * power) + 0;
  const step = tick(1);
  const slack = 1e-9;
  if (nice) {
    const [below, above] = [Math.floor(min / step + slack), Math.ceil(max / step - slack)];
    min = Math.max(tick(below), inside[0]);
    max = Math.min(tick(above), inside[1]);
  }
  const [first, last] = [Math.ceil(min / step - slack), Math.floor(max / step + slack)];
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => tick(first + i));
  const decimals = Math.max(0, -exponent);
  const labels = ticks.map((value) =>
    percent ? formatPercent(value, Math.max(0, decimals - 2)) : tickLabel(value, decimals, step),
  );
  const at = (value: number) => clamp((value - min) / (max - min));
  return { min, max, ticks, labels, at };
}

/**
 * A logarithmic axis over min..max, both > 0: ticks at powers of ten, and at 2 and 5 times them
 * where there is room.
 */
export function logScale(min: number, max: number, options: ScaleOptions = {}): Scale {
  const { count = 5, nice = true } = options;
  if (!(max > min * (1 + SAME)))
    [min, max] = [Math.max(min / 2, Number.MIN_VALUE), Math.min(max * 2, Number.MAX_VALUE)];
  // under two decades the powers of ten alone are too few
  const multiples = max / min < 100 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil((Math.log10(max) - Math.log10(min)) / Math.max(1, count)));
  const candidates: number[] = [];
  for (let e = Math.floor(Math.log10(min)) - every; e <= Math.ceil(Math.log10(max)) + every; e++) {
    if (e % every !== 0) continue;
    // parsed, hence the nearest double
    for (const multiple of multiples) candidates.push(Number(`${multiple}e${e}`));
  }
  const usable = candidates.filter((value) => value > 0 && Number.isFinite(value));
  if (nice) {
    min = usable.filter((value) => value <= min * (1 + SAME)).at(-1) ?? min;
    max = usable.find((value) => value >= max * (1 - SAME)) ?? max;
  }
  const ticks = usable.filter((value) => value >= min * (1 - SAME) && value <= max * (1 + SAME));
  const [low, high] = [Math.log10(min), Math.log10(max)];
  const at = (value: number) => (value > 0 ? clamp((Math.log10(value) - low) / (high - low)) : NaN);
  return {
    min,
    max,
    ticks,
    labels: ticks.map((value) =>
      tickLabel(value, Math.max(0, -Math.floor(Math.log10(value) + SAME)), value),
    ),
    at,
  };
}

/** Ends that differ: a constant gets room on both sides, so that it is drawn in the middle. */
function widen(min: number, max: number, integer: boolean): [number, number] {
  const size = Math.max(Math.abs(min), Math.abs(max));
  if (max - min > Math.max(size * SAME, 1e-290)) return [min, max];
  const room = integer && size < 1e9 ? 0.5 : size > 1e-290 ? size / 10 : 1;
  return [min - room, max + room];
}

/** The smallest 1, 2 or 5 times a power of ten that is >= `rough`. */
function niceStep(rough: number, integer: boolean): { mantissa: number; exponent: number } {
  if (integer && rough < 1) return { mantissa: 1, exponent: 0 };
  const exponent = Math.floor(Math.log10(rough));
  const leading = rough / 10 ** exponent;
  for (const mantissa of [1, 2, 5]) {
    if (leading <= mantissa * (1 + 1e-9)) return { mantissa, exponent };
  }
  return { mantissa: 1, exponent: exponent + 1 };
}

function powerOfTen(exponent: number): number {
  return Number(`1e${exponent}`);
}

function tickLabel(value: number, decimals: number, step: number): string {
  const size = Math.abs(value);
  const plain = value === 0 || (size < 1e6 && step >= 0.9e-4);
  if (value === 0) return "0";
  const text = plain
    ? groupThousands(value.toFixed(decimals))
    : Number(value.toPrecision(12)).toExponential().replace("e+", "e");
  return text.replaceAll("-", "−");
}

function clamp(fraction: number): number {
  return fraction < 0 ? 0 : fraction > 1 ? 1 : fraction;
}
