// What the hidden units look for: each unit's incoming weights drawn as an image of the input's
// shape.

import { checkChoice, checkFinite, checkInteger, checkOptions, show } from "../base/checks.ts";
import { ArgumentTypeError } from "../base/errors.ts";
import { extent } from "./scale.ts";
import { element, escapeMarkup, figure, heading } from "./svg.ts";
import { formatNumber } from "./text.ts";
import { checkImageShape, type ImageShape, thumbnail } from "./thumbnail.ts";

/** A row-major matrix as the figures read it: element (i, j) is data[i * cols + j]. */
export type MatrixLike = {
  readonly rows: number;
  readonly cols: number;
  readonly data: ArrayLike<number>;
};

/** How weights are drawn: what image the weights of a unit are, and the grid. */
export type WeightGridOptions = ImageShape & {
  title?: string;
  /**
   * "each": every image uses the whole range of colors; "all": one range, so that images compare.
   * Default "each".
   */
  scale?: "each" | "all";
  /** Draw at most this many units, the first ones; default 100. */
  limit?: number;
  /** Width of the drawing in its own units; default 600. */
  size?: number;
};

export function checkMatrixLike(where: string, name: string, matrix: MatrixLike): void {
  const { rows, cols, data } = matrix ?? {};
  if (Number.isSafeInteger(rows) && Number.isSafeInteger(cols) && data?.length === rows * cols)
    return;
  throw new ArgumentTypeError(
    `${where}: ${name} expected a matrix with rows, cols and data, got ${show(matrix)}`,
  );
}

/**
 * W1 (D, H) as an SVG document: a grid of H images of D = width·height·channels weights. No units
 * give an empty figure that says so. Throws TypeError or RangeError when D is another number.
 * @example
 * const { params } = TwoLayerNet.create({ inputSize: 64, hiddenSize: 10, outputSize: 2 });
 * console.log(weightGrid(params.W1, { width: 8, height: 8 }).startsWith("<svg")); // true
 */
export function weightGrid(W1: MatrixLike, options: WeightGridOptions): string {
  checkOptions("weightGrid", options, [
    "width",
    "height",
    "channels",
    "layout",
    "title",
    "scale",
    "limit",
    "size",
  ]);
  checkMatrixLike("weightGrid", "W1", W1);
  checkImageShape("weightGrid", options, W1.rows);
  const {
    width,
    height,
    channels = 1,
    title = "First-layer weights",
    scale = "each",
    limit = 100,
    size = 600,
  } = options;
  checkChoice("weightGrid", "scale", scale, ["each", "all"]);
  checkInteger("weightGrid", "limit", limit, 1);
  checkFinite("weightGrid", "size", size, 160);
  const count = Math.min(W1.cols, limit);
  const units = Array.from({ length: count }, (_, j) =>
    Float64Array.from({ length: W1.rows }, (_, i) => W1.data[i * W1.cols + j]),
  );
  const overall = extent(units) ?? [0, 0];

  const shown =
    count < W1.cols
      ? `the first ${count} of ${W1.cols} hidden units`
      : `${count} hidden ${count === 1 ? "unit" : "units"}`;
  const key =
    channels === 1
      ? "blue: negative, white: zero, orange: positive"
      : "colors: red, green and blue inputs";
  const spread =
    scale === "each"
      ? "each on its own scale"
      : `all on one scale, ${formatNumber(overall[0], 3)} to ${formatNumber(overall[1], 3)}`;
  const head = heading(title, `${shown} · ${key} · ${spread}`, size);
  const gap = 3;
  const inner = size - 32;
  // about 1.6 times as wide as high
  const columns = Math.max(
    1,
    Math.min(count, Math.ceil(Math.sqrt((count * 1.6 * height) / width))),
  );
  const cellWidth = Math.min((inner + gap) / columns - gap, 96);
  const cellHeight = (cellWidth * height) / width;
  const top = head.bottom + 6;
  const rows = Math.ceil(count / columns);
  const images = units.map((unit, j) => {
    const range = extent([unit]) ?? [0, 0];
    return element(
      "image",
      {
        x: 16 + (j % columns) * (cellWidth + gap),
        y: top + Math.floor(j / columns) * (cellHeight + gap),
        width: cellWidth,
        height: cellHeight,
        "image-rendering": "pixelated",
        preserveAspectRatio: "none",
        href: thumbnail(unit, options, scale === "all" ? overall : range, true),
      },
      element(
        "title",
        {},
        escapeMarkup(
          `hidden unit ${j}: weights ${formatNumber(range[0], 3)} to ${formatNumber(range[1], 3)}`,
        ),
      ),
    );
  });
  return figure(
    {
      title,
      width: size,
      height: top + Math.max(1, rows) * (count > 0 ? cellHeight + gap : 0) + 13,
      description: `${shown}, ${width}×${height} inputs each. ${key}; ${spread}.`,
    },
    head.markup,
    ...images,
  );
}
