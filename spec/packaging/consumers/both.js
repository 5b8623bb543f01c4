// A program that imports the package, with a dependency that requires it: a product of both.
import { Matrix } from "twolayer";
import { core, twolayer } from "./required.cjs";

const product = Matrix.identity(2).matmul(twolayer.Matrix.filled(2, 2, 3));
const subpath = core.Matrix === twolayer.Matrix;
console.log(JSON.stringify({ rows: product.toRows(), subpath }));
