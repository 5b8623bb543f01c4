import { test } from "node:test";
import * as layers from "../../lib/net/layers.ts";
import {
  assertSameMatrix,
  leavesUnchanged,
  nanMatrix,
  specialMatrix,
} from "../helpers/matrices.ts";

const SIZES = [0, 1, 2, 3, 5, 8, 17, 40];

test("affine and affineRelu have the bits of matmul, addRow and relu at every size", () => {
  for (const N of SIZES) {
    for (const D of SIZES) {
      for (const H of SIZES) {
        const [X, W, b] = [specialMatrix(N, D, 1), specialMatrix(D, H, 2), specialMatrix(1, H, 3)];
        const [affine, affineRelu] = [nanMatrix(N, H), nanMatrix(N, H)];
        leavesUnchanged([X, W, b], () => {
          layers.affine(X, { W, b }, affine);
          layers.affineRelu(X, { W, b }, affineRelu);
        });
        const expected = X.matmul(W).addRow(b);
        assertSameMatrix(affine, expected, `affine ${N}·${D}·${H}`);
        assertSameMatrix(affineRelu, expected.relu(), `affineRelu ${N}·${D}·${H}`);
      }
    }
  }
});
