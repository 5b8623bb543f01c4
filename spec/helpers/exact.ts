// Arithmetic without error, to measure that of floating point with: a double is an integer times a
// power of two, so sums and products of doubles are, too; exp and log are computed to 2^-320 from
// series of integers.

/** n·2^e */
export type Dyadic = { readonly n: bigint; readonly e: number };

const BITS = 320;
const view = new DataView(new ArrayBuffer(8));

export const ZERO: Dyadic = { n: 0n, e: 0 };

/** A finite double as it is. */
export function exact(x: number): Dyadic {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  if (exponent === 0x7ff) throw new RangeError(`expected a finite number, got ${x}`);
  const fraction = bits & 0xfffffffffffffn;
  const n = exponent === 0 ? fraction : fraction | 0x10000000000000n;
  return { n: bits >> 63n ? -n : n, e: Math.max(exponent, 1) - 1075 };
}

export function plus(a: Dyadic, b: Dyadic): Dyadic {
  if (a.n === 0n) return b;
  if (b.n === 0n) return a;
  const e = Math.min(a.e, b.e);
  return { n: (a.n << BigInt(a.e - e)) + (b.n << BigInt(b.e - e)), e };
}

export const negative = ({ n, e }: Dyadic): Dyadic => ({ n: -n, e });
export const minus = (a: Dyadic, b: Dyadic): Dyadic => plus(a, negative(b));
export const times = (a: Dyadic, b: Dyadic): Dyadic => ({ n: a.n * b.n, e: a.e + b.e });
export const size = ({ n, e }: Dyadic): Dyadic => ({ n: n < 0n ? -n : n, e });
export const total = (list: readonly Dyadic[]): Dyadic => list.reduce(plus, ZERO);

/** a / b to BITS significant bits. */
export function over(a: Dyadic, b: Dyadic): Dyadic {
  const shift = Math.max(0, BITS + bitLength(b.n) - bitLength(a.n));
  return { n: (a.n << BigInt(shift)) / b.n, e: a.e - b.e - shift };
}

function bitLength(n: bigint): number {
  return n === 0n
    ? 0
    : (n < 0n ? -n : n).toString(16).length * 4 -
        Math.clz32(parseInt((n < 0n ? -n : n).toString(16)[0], 16)) +
        28;
}

/** The nearest double or one beside it. */
export function approximate({ n, e }: Dyadic): number {
  const shift = Math.max(0, bitLength(n) - 64);
  const mantissa = Number(n >> BigInt(shift));
  const power = e + shift;
  return power < -1000
    ? mantissa * 2 ** -1000 * 2 ** Math.max(power + 1000, -1100)
    : power > 900
      ? mantissa * 2 ** 900 * 2 ** (power - 900)
      : mantissa * 2 ** power;
}

/**
 * How far `computed` is from `value`, in units of the last place that a double of the size of
 * `value` has.
 */
export function errorInUlps(computed: number, value: Dyadic): number {
  const last = Math.max(bitLength(value.n) + value.e - 53, -1074);
  const { n, e } = size(minus(exact(computed), value));
  return approximate({ n, e: e - last });
}

const ONE = 1n << BigInt(BITS);

function fixed({ n, e }: Dyadic): bigint {
  const shift = e + BITS;
  return shift >= 0 ? n << BigInt(shift) : n >> BigInt(-shift);
}

/** e^r for a fixed-point |r| < 1, by halving it eight times. */
function expFixed(r: bigint): bigint {
  r >>= 8n;
  let sum = ONE;
  let term = ONE;
  for (let i = 1n; term !== 0n && term !== -1n; i++) {
    term = (term * r) / (ONE * i);
    sum += term;
  }
  for (let i = 0; i < 8; i++) sum = (sum * sum) >> BigInt(BITS);
  return sum;
}

/** Σ 2·x^(2i+1)/(2i+1) = log((1 + x)/(1 − x)), fixed-point. */
function logSeries(x: bigint): bigint {
  const square = (x * x) >> BigInt(BITS);
  let sum = 0n;
  for (
    let power = x, i = 1n;
    power !== 0n && power !== -1n;
    i += 2n, power = (power * square) >> BigInt(BITS)
  )
    sum += power / i;
  return 2n * sum;
}

const LN2 = logSeries(ONE / 3n);

/** e^x to some 300 bits. */
export function expOf(x: Dyadic): Dyadic {
  const value = fixed(x);
  const k = value / LN2;
  return { n: expFixed(value - k * LN2), e: Number(k) - BITS };
}

/** The natural logarithm of x > 0 to 2^-300; of 1 exactly 0. */
export function logOf(x: Dyadic): Dyadic {
  if (minus(x, exact(1)).n === 0n) return ZERO;
  const k = bitLength(x.n) + x.e;
  const mantissa = fixed({ n: x.n, e: x.e - k }); // in [½, 1)
  const series = logSeries(((mantissa - ONE) * ONE) / (mantissa + ONE));
  return { n: series + BigInt(k) * LN2, e: -BITS };
}
