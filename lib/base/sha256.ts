// SHA-256 (FIPS 180-4), for the checksums of files. Node's crypto module is not in every runtime.

const ROUNDS = 64;
const BLOCK = 64; // bytes

/** The first 32 bits of the fraction of a number. */
const fraction = (value: number): number => ((value % 1) * 2 ** 32) | 0;

/** By Newton's method; engines differ in their own. */
function cubeRoot(value: number): number {
  let root = value;
  for (let i = 0; i < 32; i++) root -= (root - value / (root * root)) / 3;
  return root;
}

/**
 * The fractions of the cube roots of the first 64 primes, and of the square roots of the first 8.
 * All are further than 2^-40 from a number of 32 bits, and rounding errors are below 2^-48.
 */
function makeConstants() {
  const primes: number[] = [];
  for (let n = 2; primes.length < ROUNDS; n++)
    if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  const initial = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  return { K: Int32Array.from(primes, (prime) => fraction(cubeRoot(prime))), initial };
}

let constants: ReturnType<typeof makeConstants> | undefined;

/**
 * The SHA-256 of the bytes as 64 hexadecimal digits.
 * @example
 * console.log(sha256(new Uint8Array(0)).slice(0, 8)); // e3b0c442
 */
export function sha256(bytes: Uint8Array): string {
  const { K, initial } = (constants ??= makeConstants());
  const state = Int32Array.from(initial);
  const whole = bytes.length - (bytes.length % BLOCK);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < whole; at += BLOCK) compress(state, K, view, at);
  const rest = bytes.subarray(whole);
  // the rest, a bit 1, zeros, and the length in bits as a 64-bit number
  const last = new Uint8Array(rest.length < BLOCK - 8 ? BLOCK : 2 * BLOCK);
  last.set(rest);
  last[rest.length] = 0x80;
  const lastView = new DataView(last.buffer);
  lastView.setUint32(last.length - 8, Math.floor(bytes.length / 2 ** 29));
  lastView.setUint32(last.length - 4, (bytes.length * 8) >>> 0);
  for (let at = 0; at < last.length; at += BLOCK) compress(state, K, lastView, at);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

const w = new Int32Array(ROUNDS); // the message schedule

/** Adds the block at byte `at` to the state. */
function compress(state: Int32Array, K: Int32Array, view: DataView, at: number): void {
  for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < ROUNDS; i++) {
    const [x, y] = [w[i - 15], w[i - 2]];
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    w[i] = (((w[i - 16] + s0) | 0) + ((w[i - 7] + s1) | 0)) | 0;
  }
  let [a, b, c, d] = [state[0], state[1], state[2], state[3]];
  let [e, f, g, h] = [state[4], state[5], state[6], state[7]];
  for (let i = 0; i < ROUNDS; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (((h + s1) | 0) + ((e & f) ^ (~e & g)) + ((K[i] + w[i]) | 0)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}
