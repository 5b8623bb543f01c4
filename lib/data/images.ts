// How arrays of images become rows of X.

import { checkFinite, checkInteger, checkOptions, wrongType } from "../base/checks.ts";
import { ArgumentRangeError } from "../base/errors.ts";
import { Matrix } from "../matrix/matrix.ts";
import { checkRows } from "./rows.ts";

/** N images (or other things) of equal shape: what parseIdx and parseCifar10 give. */
export type ImageArray = { readonly shape: readonly number[]; readonly data: ArrayLike<number> };

/**
 * One row per image, its values divided by `divideBy` (default 255, the greatest of a byte, so that
 * X is in 0..1): (N, D) with D the product of the other dimensions. `rows` chooses and orders
 * images: convert only what is used, as a float64 takes eight times a byte. Throws RangeError for a
 * shape that does not fit the data and a row that is not there.
 * @example
 * const images = { shape: [2, 1, 3], data: Uint8Array.of(0, 51, 255, 255, 0, 0) };
 * console.log(JSON.stringify(imagesToMatrix(images).toRows())); // [[0,0.2,1],[1,0,0]]
 */
export function imagesToMatrix(
  images: ImageArray,
  options: { divideBy?: number | undefined; rows?: ArrayLike<number> | undefined } = {},
): Matrix {
  checkOptions("imagesToMatrix", options, ["divideBy", "rows"]);
  const { divideBy = 255, rows } = options;
  checkFinite("imagesToMatrix", "divideBy", divideBy, 0, true);
  const [N, D] = checkImages("imagesToMatrix", images);
  const { data } = images;
  // A file may claim 2^32 images of no pixels.
  if (D === 0 && rows === undefined) return new Matrix(N, D);
  const chosen = checkRows("imagesToMatrix", rows, N);
  const X = new Matrix(chosen.length, D);
  for (let i = 0; i < chosen.length; i++)
    for (let j = 0; j < D; j++) X.data[i * D + j] = data[chosen[i] * D + j] / divideBy;
  return X;
}

/** The number of images and of the values of each, after checking that shape and data fit. */
export function checkImages(where: string, images: ImageArray): [count: number, size: number] {
  const { shape, data } = (images ?? {}) as Partial<ImageArray>;
  if (!Array.isArray(shape) || typeof data !== "object" || data === null)
    throw wrongType(where, "images", "{ shape, data }, such as parseIdx returns", images);
  for (const [i, size] of shape.entries()) checkInteger(where, `shape[${i}]`, size, 0);
  const D = shape.slice(1).reduce((product, size) => product * size, 1);
  if (shape.length === 0 || shape[0] * D !== data.length)
    throw new ArgumentRangeError(
      `${where}: expected ${shape[0] * D || 0} values for shape (${shape.join(", ")}), ` +
        `got ${data.length}`,
    );
  return [shape[0], D];
}
