// exp, log and sine that give the same bits in every JavaScript engine: the language leaves
// Math.exp, Math.log and Math.sin to the engine, and V8, JavaScriptCore and SpiderMonkey differ in
// the last bit. Only +, −, ×, ÷ and exact scaling by powers of two are used, each of which IEEE 754
// fixes.
//
// Method and coefficients: Sun's fdlibm (e_exp.c, e_log.c, k_sin.c, k_cos.c;
// https://netlib.org/fdlibm), whose error is below 1 ulp.

const LN2_HI = 6.9314718036912381649e-1; // the high 33 bits of ln 2, so that k·LN2_HI is exact
const LN2_LO = 1.90821492927058770002e-10;
const LOG2_E = 1.442695040888963387;
// 1.5·2^52: adding and subtracting it rounds to an integer, ties to even
const SHIFTER = 6755399441055744;

const float = /* @__PURE__ */ new Float64Array([1]);
const words = /* @__PURE__ */ new Uint32Array(float.buffer);
const ONE_HIGH = 0x3ff00000; // the high word of 1: its exponent
const ROOT_HALF_HIGH = 0x3fe6a09e; // the high word of √½
const HIGH_WORD = words[1] === ONE_HIGH ? 1 : 0; // on this machine

// POWERS[k + 1022] = 2^k for k = −1022..1023, all normal numbers. By doubling: `**` is the engine's
// business too.
const POWERS = /* @__PURE__ */ powersOf2();

function powersOf2(): Float64Array {
  const powers = new Float64Array(2046);
  for (let i = 0, power = 2.2250738585072014e-308; i < 2046; i++, power *= 2) powers[i] = power;
  return powers;
}

/** Between these, 2^k of expBetween is a normal number. */
export const EXP_MIN = -708;
export const EXP_MAX = 709;

/** e^x to within 1 ulp, the same bits everywhere. exp(NaN) is NaN, exp(±∞) is ∞ and 0. */
export function exp(x: number): number {
  return x >= EXP_MIN && x <= EXP_MAX ? expBetween(x) : expBeyond(x);
}

/** e^x for EXP_MIN <= x <= EXP_MAX. */
export function expBetween(x: number): number {
  // x = k·ln 2 + r with |r| <= ln 2 / 2, and r = hi − lo to more than double precision.
  const k = x * LOG2_E + SHIFTER - SHIFTER;
  return expRemainder(x - k * LN2_HI, k * LN2_LO) * POWERS[(k + 1022) | 0];
}

/**
 * exp where the result is no number, infinite, zero, or near one of the ends: scaled in two steps,
 * rounded once.
 */
function expBeyond(x: number): number {
  if (x > 709.782712893383973096) return Infinity;
  if (x < -745.13321910194110842) return 0;
  if (x !== x) return x;
  const k = x * LOG2_E + SHIFTER - SHIFTER;
  const y = expRemainder(x - k * LN2_HI, k * LN2_LO);
  return x > 0 ? y * POWERS[k - 1 + 1022] * 2 : y * POWERS[k + 200 + 1022] * POWERS[-200 + 1022];
}

/** e^r for r = hi − lo, |r| <= ln 2 / 2. */
function expRemainder(hi: number, lo: number): number {
  // e^r = 1 + 2r / (R − r), where R = r·(e^r + 1) / (e^r − 1) is even in r: five terms in r².
  const r = hi - lo;
  const rr = r * r;
  const c =
    r -
    rr *
      (1.66666666666666019037e-1 +
        rr *
          (-2.77777777770155933842e-3 +
            rr *
              (6.61375632143793436117e-5 +
                rr * (-1.6533902205465251539e-6 + rr * 4.13813679705723846039e-8))));
  return 1 - (lo - (r * c) / (2 - c) - hi);
}

// Between these, x·2^−k of logBetween uses a power that is a normal number.
const LOG_MIN = 2.2250738585072014e-308; // the least normal number
const LOG_MAX = 4e307;

/**
 * Natural logarithm to within 1 ulp, the same bits everywhere. log(0) is −∞, log of a negative
 * number or NaN is NaN.
 */
export function log(x: number): number {
  return x >= LOG_MIN && x <= LOG_MAX ? logBetween(x, 0) : logBeyond(x);
}

/** log where the argument is no number, not positive, infinite, subnormal or huge. */
function logBeyond(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const k = x > 1 ? 54 : -54;
  return logBetween(x * POWERS[1022 - k], k);
}

/** log(2^shift·x) for LOG_MIN <= x <= LOG_MAX. */
function logBetween(x: number, shift: number): number {
  // x = 2^k·(1 + f) with 1 + f in [√½, √2).
  float[0] = x;
  const k = ((words[HIGH_WORD] + (ONE_HIGH - ROOT_HALF_HIGH)) >>> 20) - 0x3ff;
  const f = x * POWERS[(1022 - k) | 0] - 1;
  // log(1 + f) = f − f²/2 + s·(f²/2 + R), with s = f / (2 + f) and R a polynomial in s².
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even =
    w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const half = 0.5 * f * f;
  const n = k + shift;
  return n * LN2_HI - (half - (s * (half + (even + odd)) + n * LN2_LO) - f);
}

/** log(1 + x) for x >= 0 to within 2 ulp, the same bits everywhere, also where 1 + x is 1. */
export function log1p(x: number): number {
  const sum = 1 + x;
  return log(sum) + (x - (sum - 1)) / sum; // the second term is what the sum rounded away
}

/** sin(x + y) for |x| <= π/4 and a tail y below one ulp of x. */
function sinKernel(x: number, y: number): number {
  const z = x * x;
  const r =
    8.33333333332248946124e-3 +
    z *
      (-1.98412698298579493134e-4 +
        z *
          (2.75573137070700676789e-6 +
            z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)));
  const v = z * x;
  return x - (z * (0.5 * y - v * r) - y - v * -1.66666666666666324348e-1);
}

/** cos(x + y) for |x| <= π/4 and a tail y below one ulp of x. */
function cosKernel(x: number, y: number): number {
  const z = x * x;
  const r =
    z *
    (4.16666666666666019037e-2 +
      z *
        (-1.38888888888741095749e-3 +
          z *
            (2.48015872894767294178e-5 +
              z *
                (-2.75573143513906633035e-7 +
                  z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11)))));
  const half = 0.5 * z;
  const w = 1 - half; // 1 − w − half recovers what this subtraction rounded away
  return w + (1 - w - half + (z * r - x * y));
}

/** sin(q·π/2 + x + y) from the quadrant q and the remainder. */
function sinQuadrant(q: number, x: number, y: number): number {
  const value = (q & 1) === 0 ? sinKernel(x, y) : cosKernel(x, y);
  return (q & 2) === 0 ? value : -value;
}

/** sin(x) for |x| <= 2^20, x a float32 value or one with at most 33 significant bits; radians. */
export function sin(x: number): number {
  const q = x * 6.36619772367581382433e-1 + SHIFTER - SHIFTER;
  const hi = x - q * 1.57079632673412561417; // the high 33 bits of π/2: exact for such q
  const lo = q * 6.07710050650619224932e-11;
  const r = hi - lo;
  return sinQuadrant(q, r, hi - r - lo);
}

const PI_HI = 3.1415926516056060791; // the high 26 bits of π
const PI_LO = 1.98418714791870343106e-9;

/** sin(π·x) for |x| <= 2^20: the reduction of the argument is exact. cos(π·x) is sinPi(x + 0.5). */
export function sinPi(x: number): number {
  const q = 2 * x + SHIFTER - SHIFTER;
  const r = x - q / 2; // exact: |r| <= 1/4
  // π·r = y + tail. r is split into two parts of 26 bits or fewer, so that the partial products are
  // exact.
  const split = r * 134217729; // 2^27 + 1
  const rHi = split - (split - r);
  const rLo = r - rHi;
  const y = r * Math.PI;
  const tail = rHi * PI_HI - y + rLo * PI_HI + r * PI_LO;
  return sinQuadrant(q, y, tail);
}
