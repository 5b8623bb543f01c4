// Laws of Matrix that hold for every shape: exactly on small integers, to the bit where the order
// of the sums allows it, and `out` in every place that two views of shared memory can have to each
// other.
import assert from "node:assert/strict";
import { configuration, configure } from "../../../lib/kernels/configuration.ts";
import { Matrix } from "../../../lib/matrix/matrix.ts";
import { type Draw, property } from "../../helpers/fuzz.ts";
import { assertSameMatrix } from "../../helpers/matrices.ts";
import { assertSameBits, SPECIAL } from "../../helpers/numbers.ts";

const { supported } = configuration();
const KERNELS = supported.simd ? (["reference", "simd"] as const) : (["reference"] as const);

/** Mostly small; sometimes around the sizes of tiles and blocks. */
const size = (draw: Draw): number =>
  draw.integer(0, 9) < 8 ? draw.integer(0, 7) : draw.integer(8, 70);
const integers = (draw: Draw, rows: number, cols: number): Matrix =>
  new Matrix(
    rows,
    cols,
    draw.numbers(rows * cols, () => draw.integer(-9, 9)),
  );

/** Integers, halves, large and special numbers: everything whose order of summation shows. */
const specialMatrix = (draw: Draw, rows: number, cols: number): Matrix =>
  new Matrix(
    rows,
    cols,
    draw.numbers(rows * cols, () =>
      draw.integer(0, 7) === 7
        ? draw.pick(SPECIAL)
        : draw.integer(-1000, 1000) / draw.pick([1, 3, 7, 1e-3]),
    ),
  );

const T = { transA: true } as const;
const show = (value: object): string =>
  Object.entries(value)
    .map(([name, v]) => `${name} ${v instanceof Matrix ? `${v}` : JSON.stringify(v)}`)
    .join("\n");

/** `check` under the kernel drawn, and then the default again. */
const on =
  <V extends { kernel: (typeof KERNELS)[number] }>(check: (value: V) => void) =>
  (value: V): void => {
    configure({ kernel: value.kernel });
    try {
      check(value);
    } finally {
      configure({ kernel: "auto" });
    }
  };

export const algebra = [
  property(
    "(AB)C = A(BC) and A(B + C) = AB + AC, exactly on small integers, on every kernel",
    600,
    (draw) => {
      const [m, k, n, q] = draw.array(4, () => size(draw));
      return {
        kernel: draw.pick(KERNELS),
        A: integers(draw, m, k),
        B: integers(draw, k, n),
        B2: integers(draw, k, n),
        C: integers(draw, n, q),
      };
    },
    on(({ A, B, B2, C }) => {
      assertSameMatrix(
        A.matmul(B).matmul(C).add(new Matrix(A.rows, C.cols)),
        A.matmul(B.matmul(C)).add(new Matrix(A.rows, C.cols)),
        "associativity",
      );
      assertSameMatrix(A.matmul(B.add(B2)), A.matmul(B).add(A.matmul(B2)), "distributivity");
      assert.ok(A.matmul(B.scale(3)).equals(A.matmul(B).scale(3)), "a factor comes out");
    }),
    show,
  ),

  property(
    "(AB)ᵀ has the bits of BᵀAᵀ, and a transposition flag those of the transposed operand",
    600,
    (draw) => {
      const [m, k, n] = draw.array(3, () => size(draw));
      return {
        kernel: draw.pick(KERNELS),
        A: specialMatrix(draw, m, k),
        B: specialMatrix(draw, k, n),
      };
    },
    on(({ A, B }) => {
      const product = A.matmul(B);
      const [At, Bt] = [A.transpose(), B.transpose()];
      assertSameMatrix(Bt.matmul(At), product.transpose(), "BᵀAᵀ");
      assertSameMatrix(At.matmul(B, T), product, "transA");
      assertSameMatrix(A.matmul(Bt, { transB: true }), product, "transB");
      assertSameMatrix(At.matmul(Bt, { transA: true, transB: true }), product, "both");
      assertSameMatrix(At.transpose(), A, "Aᵀᵀ");
    }),
    show,
  ),

  property(
    "Rows of a product are products of rows, and reductions are products with ones",
    600,
    (draw) => {
      const [m, k, n] = [size(draw) + 1, size(draw), size(draw)];
      const start = draw.integer(0, m);
      return {
        kernel: draw.pick(KERNELS),
        A: specialMatrix(draw, m, k),
        B: specialMatrix(draw, k, n),
        start,
        end: draw.integer(start, m),
        indices: draw.array(draw.integer(0, 9), () => draw.integer(0, m - 1)),
      };
    },
    on(({ A, B, start, end, indices }) => {
      const product = A.matmul(B);
      assertSameMatrix(
        A.sliceRows(start, end).matmul(B),
        product.sliceRows(start, end),
        "sliceRows",
      );
      assertSameMatrix(A.takeRows(indices).matmul(B), product.takeRows(indices), "takeRows");
      assertSameMatrix(A.matmul(Matrix.filled(A.cols, 1, 1)), A.rowSum(), "rowSum");
      assertSameMatrix(Matrix.filled(1, A.rows, 1).matmul(A), A.columnSum(), "columnSum");
      const fours = new Matrix(Math.ceil(A.data.length / 4), 4);
      fours.data.set(A.data);
      const [p, q, r, s] = fours.columnSum().data;
      assertSameBits([A.sum()], [p + q + (r + s)], "sum");
      const sums = A.transpose().columnSum();
      assertSameBits(sums.data, A.rowSum().data, "columnSum of Aᵀ");
      if (A.cols > 0)
        A.rowArgmax().forEach((j, i) =>
          assertSameBits([A.get(i, j)], [A.rowMax().get(i, 0)], `rowMax and rowArgmax of row ${i}`),
        );
    }),
    show,
  ),

  property(
    "Elementwise methods obey their algebraic laws, such as relu(a) − relu(−a) = a",
    600,
    (draw) => {
      const [m, n] = [size(draw), size(draw)];
      return {
        A: specialMatrix(draw, m, n),
        B: specialMatrix(draw, m, n),
        N: integers(draw, m, n),
        row: specialMatrix(draw, 1, n),
        s: draw.pick([0, 1, -1, 0.5, -3, 1e300]),
      };
    },
    ({ A, B, N, row, s }) => {
      assertSameMatrix(A.add(B), B.add(A), "a + b");
      assertSameMatrix(A.mul(B), B.mul(A), "a·b");
      assertSameMatrix(A.scale(s), A.mul(Matrix.filled(A.rows, A.cols, s)), "s·a");
      assertSameMatrix(A.addScaled(B, s), A.add(B.scale(s)), "a + s·b");
      assertSameMatrix(A.sub(B), A.addScaled(B, -1), "a − b");
      assert.ok(N.sub(N).equals(new Matrix(N.rows, N.cols)), "a − a");
      assert.ok(N.relu().sub(N.scale(-1).relu()).equals(N), "relu(a) − relu(−a)");
      assert.ok(N.relu().equals(N.mul(N.reluMask())), "a·mask");
      assertSameMatrix(
        A.addRow(row),
        A.add(Matrix.filled(A.rows, 1, 1).matmul(row)).map((v, i, j) =>
          Number.isNaN(v) ? v : A.get(i, j) + row.get(0, j),
        ),
        "addRow",
      );
      assertSameMatrix(
        A.map((v) => v),
        A,
        "map",
      );
      assert.ok(
        Matrix.fromRows(A.toRows()).data.every((v, i) => Object.is(v, A.data[i])),
        "toRows and back",
      );
    },
    show,
  ),

  property(
    "Every method refuses an `out` that overlaps, or computes what it would elsewhere",
    3000,
    drawCall,
    checkCall,
    showCall,
  ),
];

type Method =
  | "add"
  | "sub"
  | "mul"
  | "addScaled"
  | "addRow"
  | "scale"
  | "relu"
  | "reluMask"
  | "map"
  | "transpose"
  | "takeRows"
  | "matmul";
type View = { buffer: number; offset: number; rows: number; cols: number };
type Call = {
  method: Method;
  shared: boolean;
  flags: [boolean, boolean];
  a: View;
  b: View;
  out: View;
  buffers: Float64Array[];
};

const LENGTH = 40;
const BINARY: readonly Method[] = ["add", "sub", "mul", "addScaled"];
const MAY_BE_THIS: readonly Method[] = [...BINARY, "addRow", "scale", "relu", "reluMask", "map"];
const HAS_B: readonly Method[] = [...BINARY, "addRow", "matmul"];

function drawCall(draw: Draw): Call {
  const method = draw.pick<Method>([
    "add",
    "sub",
    "mul",
    "addScaled",
    "addRow",
    "scale",
    "relu",
    "reluMask",
    "map",
    "transpose",
    "takeRows",
    "matmul",
  ]);
  const [r, c, q] = draw.array(3, () => draw.integer(0, 4));
  const flags: [boolean, boolean] = [draw.boolean(), draw.boolean()];
  const [aShape, bShape, outShape] = shapes(method, r, c, q, flags);
  const place = ([rows, cols]: [number, number]): View => ({
    buffer: draw.integer(0, 1),
    offset: draw.integer(0, LENGTH - rows * cols),
    rows,
    cols,
  });
  const a = place(aShape);
  const b = place(bShape);
  const out = place(outShape);
  // Exactly over an operand: too rare by chance.
  const over = draw.integer(0, 3);
  if (over === 1 && a.rows * a.cols === out.rows * out.cols)
    Object.assign(out, { buffer: a.buffer, offset: a.offset });
  if (over === 2 && b.rows * b.cols === out.rows * out.cols)
    Object.assign(out, { buffer: b.buffer, offset: b.offset });
  return {
    method,
    shared: draw.boolean(),
    flags,
    a,
    b,
    out,
    buffers: draw.array(2, () => draw.numbers(LENGTH, () => draw.integer(-9, 9))),
  };
}

function shapes(
  method: Method,
  r: number,
  c: number,
  q: number,
  [transA, transB]: [boolean, boolean],
): [number, number][] {
  if (method === "addRow")
    return [
      [r, c],
      [1, c],
      [r, c],
    ];
  if (method === "transpose")
    return [
      [r, c],
      [0, 0],
      [c, r],
    ];
  if (method === "takeRows")
    return [
      [r, c],
      [0, 0],
      [r === 0 ? 0 : q, c],
    ];
  if (method === "matmul") return [transA ? [c, r] : [r, c], transB ? [q, c] : [c, q], [r, q]];
  return [
    [r, c],
    [r, c],
    [r, c],
  ];
}

function call({ method, flags }: Call, a: Matrix, b: Matrix, out?: Matrix): Matrix {
  switch (method) {
    case "add":
    case "sub":
    case "mul":
    case "addRow":
      return a[method](b, out);
    case "addScaled":
      return a.addScaled(b, -2, out);
    case "scale":
      return a.scale(3, out);
    case "relu":
    case "reluMask":
    case "transpose":
      return a[method](out);
    case "map":
      return a.map((value, i, j) => value + i - 2 * j, out);
    case "takeRows":
      return a.takeRows(
        Array.from({ length: out?.rows ?? 0 }, (_, i) => (i * 7) % a.rows),
        out,
      );
    case "matmul":
      return a.matmul(b, { transA: flags[0], transB: flags[1], ...(out && { out }) });
  }
}

/** What the README's rule says, worked out from places alone. */
function allowed({ method, a, b, out }: Call): boolean {
  const apart = (x: View): boolean => {
    const sizes = [x.rows * x.cols, out.rows * out.cols];
    return (
      x.buffer !== out.buffer ||
      sizes.includes(0) ||
      x.offset + sizes[0] <= out.offset ||
      out.offset + sizes[1] <= x.offset
    );
  };
  const same = (x: View): boolean => x.buffer === out.buffer && x.offset === out.offset;
  const fitsA = apart(a) || (MAY_BE_THIS.includes(method) && same(a));
  const fitsB = !HAS_B.includes(method) || apart(b) || (BINARY.includes(method) && same(b));
  return fitsA && fitsB;
}

function checkCall(c: Call): void {
  const buffers = c.buffers.map((numbers) => {
    const copy =
      c.shared && typeof SharedArrayBuffer === "function"
        ? new Float64Array(new SharedArrayBuffer(8 * LENGTH))
        : new Float64Array(LENGTH);
    copy.set(numbers);
    return copy;
  });
  const at = ({ buffer, offset, rows, cols }: View): Matrix =>
    new Matrix(rows, cols, buffers[buffer].subarray(offset, offset + rows * cols));
  const [a, b, out] = [at(c.a), at(c.b), at(c.out)];
  const expectedResult = call(
    c,
    a.clone(),
    b.clone(),
    new Matrix(out.rows, out.cols, new Float64Array(out.rows * out.cols).fill(NaN)),
  );
  const expected = c.buffers.map((numbers) => numbers.slice());
  if (!allowed(c)) {
    assert.throws(() => call(c, a, b, out), RangeError);
  } else {
    assert.equal(call(c, a, b, out), out);
    expected[c.out.buffer].set(expectedResult.data, c.out.offset);
  }
  expected.forEach((numbers, i) => assertSameBits(buffers[i], numbers, `buffer ${i}`));
}

function showCall({ method, flags, shared, a, b, out }: Call): string {
  const view = ({ buffer, offset, rows, cols }: View): string =>
    `${rows}×${cols} at ${buffer}:${offset}`;
  const name = method === "matmul" ? `matmul trans ${flags}` : method;
  const operands = `this ${view(a)}, b ${view(b)}, out ${view(out)}`;
  return `${name}, ${operands}${shared ? ", shared" : ""}`;
}
