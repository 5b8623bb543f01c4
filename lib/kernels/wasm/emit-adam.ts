// One step of the Adam optimizer as WebAssembly: two elements at a time, with the bits of
// kernels/adam.ts. Addresses and distances are in bytes.
import type { Bytes } from "./encode.ts";
import {
  f64x2_add,
  f64x2_div,
  f64x2_mul,
  f64x2_sqrt,
  f64x2_sub,
  i32_add,
  local_get,
  local_set,
  local_tee,
  v128_load,
  v128_load64_splat,
  v128_store,
} from "./instructions.ts";
import { repeat } from "./loops.ts";
import { type Func, Scope } from "./module.ts";

/** The numbers at the address `s`, eight bytes apart. */
export const ADAM_FACTORS = [
  "beta1",
  "newShare1", // 1 − beta1
  "beta2",
  "newShare2", // 1 − beta2
  "unbias", // √(1 − beta2^t)
  "epsilon",
  "stepSize", // learningRate / (1 − beta1^t)
] as const;

/** adam(p, dp, m, v, newM, newV, bytes, s): new means from m and v, and a step of p. */
export function emitAdam(): Func {
  const scope = new Scope();
  const [p, dp, m, v, newM, newV, bytes, s] = Array.from({ length: 8 }, () => scope.param("i32"));
  const i = scope.local("i32");
  const [g, mean] = [scope.local("v128"), scope.local("v128")];
  const factors = ADAM_FACTORS.map(() => scope.local("v128"));
  const [beta1, newShare1, beta2, newShare2, unbias, epsilon, stepSize] = factors.map(local_get);
  const at = (base: number): Bytes => [...local_get(base), ...local_get(i), ...i32_add];
  const load = (base: number): Bytes => [...at(base), ...v128_load()];
  /** beta·old + share·g, and for the second mean times g again. */
  const mix = (beta: Bytes, old: number, share: Bytes, ...again: Bytes[]): Bytes => [
    ...[...load(old), ...beta, ...f64x2_mul],
    ...[...local_get(g), ...share, ...f64x2_mul, ...again.flat(), ...f64x2_add, ...local_tee(mean)],
  ];
  const body: Bytes = [
    ...factors.flatMap((factor, f) => [
      ...[...local_get(s), ...v128_load64_splat(8 * f), ...local_set(factor)],
    ]),
    ...repeat(
      i,
      16,
      local_get(bytes),
      [...load(dp), ...local_set(g)],
      [...at(p), ...load(p)],
      // the first mean
      [...at(newM), ...mix(beta1, m, newShare1), ...v128_store()],
      [...local_get(mean)],
      // the second mean
      [...at(newV), ...mix(beta2, v, newShare2, local_get(g), f64x2_mul), ...v128_store()],
      [...local_get(mean), ...f64x2_sqrt, ...unbias, ...f64x2_div, ...epsilon, ...f64x2_add],
      [...f64x2_div, ...stepSize, ...f64x2_mul, ...f64x2_sub, ...v128_store()],
    ),
  ];
  return { name: "adam", params: scope.params, locals: scope.locals, body };
}
