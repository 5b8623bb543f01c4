// How each of the other packages multiplies two matrices: its fastest documented way for operands
// it already holds in its own form. Packages are imported by name at run time, so that a missing
// one only costs its row.

import type { Shape } from "../shapes.ts";

/** One product in one package. */
export type Product = {
  /** Multiplies. */
  run: () => unknown;
  /** The elements of the product, row by row, from one more run. */
  result: () => ArrayLike<number>;
};

export type Peer = {
  name: string;
  precision: "f64" | "f32";
  /**
   * Packages to import, or an array of alternatives of which the first that can be imported is
   * taken.
   */
  packages: string[];
  /** The oldest Node it runs on, where that is not 20. */
  node?: number;
  /** Prepares op(A)·B from the imported packages; `a` and `b` are row-major as stored. */
  product: (modules: any[], shape: Shape, a: Float64Array, b: Float64Array) => Product;
};

const rowsOf = (rows: number, cols: number, data: Float64Array): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * cols, (i + 1) * cols)));

const flat = (rows: ArrayLike<ArrayLike<number>>): number[] =>
  Array.from(rows, (row) => Array.from(row)).flat();

/** op(A) as stored: (rows, cols). */
const stored = ({ m, k, transA }: Shape): [number, number] => (transA ? [k, m] : [m, k]);

/** numpy-ts keeps arrays in Wasm memory and wants results given back. */
function numpyProduct([np]: any[], shape: Shape, a: Float64Array, b: Float64Array): Product {
  const A = np.array(a).reshape(stored(shape));
  const B = np.array(b).reshape([shape.k, shape.n]);
  const op = shape.transA ? A.T : A;
  return {
    run: () => np.matmul(op, B).dispose(),
    result: () => Float64Array.from(np.matmul(op, B).data),
  };
}

export const PEERS: Peer[] = [
  { name: "numpy-ts", precision: "f64", packages: ["numpy-ts"], product: numpyProduct },
  {
    name: "numpy-ts (Node 22 on)",
    precision: "f64",
    packages: ["numpy-ts-node22"],
    node: 22,
    product: numpyProduct,
  },
  {
    name: "ml-matrix",
    precision: "f64",
    packages: ["ml-matrix"],
    product: ([{ Matrix }], shape, a, b) => {
      const A = new Matrix(rowsOf(...stored(shape), a));
      const B = new Matrix(rowsOf(shape.k, shape.n, b));
      const run = shape.transA ? () => A.transpose().mmul(B) : () => A.mmul(B);
      return { run, result: () => run().to1DArray() };
    },
  },
  {
    name: "numeric",
    precision: "f64",
    packages: ["numeric"],
    product: ([{ default: numeric }], shape, a, b) => {
      const A = rowsOf(...stored(shape), a);
      const B = rowsOf(shape.k, shape.n, b);
      const run = shape.transA
        ? () => numeric.dot(numeric.transpose(A), B)
        : () => numeric.dot(A, B);
      return { run, result: () => flat(run()) };
    },
  },
  {
    name: "ndarray-gemm",
    precision: "f64",
    packages: ["ndarray", "ndarray-gemm"],
    product: ([{ default: ndarray }, { default: gemm }], shape, a, b) => {
      const { m, k, n, transA } = shape;
      const A = ndarray(a, stored(shape));
      const B = ndarray(b, [k, n]);
      const C = ndarray(new Float64Array(m * n), [m, n]);
      const op = transA ? A.transpose(1, 0) : A;
      const run = () => gemm(C, op, B);
      return { run, result: () => (run(), C.data) };
    },
  },
  {
    name: "mathjs",
    precision: "f64",
    packages: ["mathjs"],
    product: ([math], shape, a, b) => {
      const A = math.matrix(rowsOf(...stored(shape), a), "dense", "number");
      const B = math.matrix(rowsOf(shape.k, shape.n, b), "dense", "number");
      const run = shape.transA
        ? () => math.multiply(math.transpose(A), B)
        : () => math.multiply(A, B);
      return { run, result: () => flat(run().toArray()) };
    },
  },
  {
    name: "vectorious",
    precision: "f64",
    packages: ["vectorious"],
    product: ([{ NDArray }], shape, a, b) => {
      const A = new NDArray(a, { shape: stored(shape) });
      const B = new NDArray(b, { shape: [shape.k, shape.n] });
      const run = shape.transA ? () => A.T.multiply(B) : () => A.multiply(B);
      return { run, result: () => run().data };
    },
  },
  {
    name: "@stdlib/blas-base-dgemm",
    precision: "f64",
    packages: ["@stdlib/blas-base-dgemm"],
    product: ([{ default: dgemm }], { m, k, n, transA }, a, b) => {
      const c = new Float64Array(m * n);
      const op = transA ? "transpose" : "no-transpose";
      const run = () =>
        dgemm("row-major", op, "no-transpose", m, n, k, 1, a, transA ? m : k, b, n, 0, c, n);
      return { run, result: () => run() };
    },
  },
  {
    name: "tfjs, wasm backend",
    precision: "f32",
    packages: ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"],
    product: ([tf], shape, a, b) => {
      const A = tf.tensor2d(Float32Array.from(a), stored(shape));
      const B = tf.tensor2d(Float32Array.from(b), [shape.k, shape.n]);
      return {
        run: () => tf.dispose(tf.matMul(A, B, shape.transA, false)),
        result: () => tf.tidy(() => tf.matMul(A, B, shape.transA, false).dataSync()),
      };
    },
  },
];

/** Imports what a peer needs. A word instead of its modules where it cannot be had. */
export async function importPeer(peer: {
  packages: string[];
  node?: number;
}): Promise<any[] | string> {
  if (peer.node !== undefined && Number(process.versions.node.split(".")[0]) < peer.node)
    return `needs Node ${peer.node}`;
  const modules: any[] = [];
  for (const name of peer.packages) {
    try {
      modules.push(await import(name));
    } catch (error) {
      const absent = (error as { code?: string }).code === "ERR_MODULE_NOT_FOUND";
      return absent
        ? `${name} is not installed`
        : `${name} does not load: ${(error as Error).message.split("\n")[0]}`;
    }
  }
  if (
    peer.packages.includes("@tensorflow/tfjs-backend-wasm") &&
    !(await modules[0].setBackend("wasm"))
  )
    return "its wasm backend does not start";
  return modules;
}
