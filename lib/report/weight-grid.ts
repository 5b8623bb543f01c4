// The incoming weights of each hidden unit as an image of the input's shape.

import { checkText } from "../base/checks.ts";
import { counted } from "../base/counted.ts";
import { atLeast, checkEachOption, integerIn, oneOf } from "../base/option-checks.ts";
import { checkMatrixLike, columnOf, type MatrixLike } from "./matrix-like.ts";
import { extent } from "./scale.ts";
import { element, figure, heading, textElement } from "./svg.ts";
import { formatNumber } from "./text.ts";
import { checkImageShape, type ImageShape, thumbnail } from "./thumbnail.ts";

/** Options of weightGrid: the shape of the images, and the grid. */
export type WeightGridOptions = ImageShape & {
  title?: string | undefined;
  /** Whether each image has the whole range of colors, or all have one. Default: "each". */
  scale?: "each" | "all" | undefined;
  /** The largest number of units that are drawn, the first ones. Default: 100. */
  limit?: number | undefined;
  /** Width of the drawing in its own units. Default: 600. */
  size?: number | undefined;
};

const GAP = 3; // between two images
const MAX_CELL = 96; // width of an image
const ASPECT = 1.6; // width of the grid by its height, about

/**
 * W1 (D, H) as an SVG document: a grid of H images of D = width·height·channels weights each.
 * Throws a TypeError or RangeError if D is another number.
 * @example
 * const { params } = TwoLayerNet.create({ inputSize: 64, hiddenSize: 10, outputSize: 2 });
 * console.log(weightGrid(params.W1, { width: 8, height: 8 }).startsWith("<svg")); // true
 */
export function weightGrid(W1: MatrixLike, options: WeightGridOptions): string {
  checkEachOption("weightGrid", options, {
    width: integerIn(1),
    height: integerIn(1),
    channels: integerIn(1),
    title: checkText,
    scale: oneOf("each", "all"),
    limit: integerIn(1),
    size: atLeast(160),
  });
  checkMatrixLike("weightGrid", "W1", W1);
  checkImageShape("weightGrid", options, W1.rows);
  const { title = "First-layer weights", scale = "each", limit = 100, size = 600 } = options;
  const units = Array.from({ length: Math.min(W1.cols, limit) }, (_, j) => columnOf(W1, j));
  const common = scale === "all" ? (extent(units) ?? [0, 0]) : undefined;
  const [shown, key, spread] = describe(units.length, W1.cols, options, common);
  const head = heading(title, `${shown} · ${key} · ${spread}`, size);
  const { images, height } = drawImages(units, options, common, size, head.bottom + 6);
  const shape = `${options.width}×${options.height}`;
  const description = `${shown}, ${shape} inputs each. ${key}; ${spread}.`;
  return figure({ title, width: size, height, description }, ...head.parts, ...images);
}

/** The number of units, what the colors mean, and the range of values that they cover. */
function describe(
  count: number,
  units: number,
  { channels = 1 }: ImageShape,
  common: readonly [number, number] | undefined,
): [shown: string, key: string, spread: string] {
  return [
    count < units ? `the first ${count} of ${units} hidden units` : counted(count, "hidden unit"),
    channels === 1
      ? "blue: negative, white: zero, orange: positive"
      : "colors: red, green and blue inputs",
    common === undefined ? "each on its own scale" : `all on one scale, ${rangeText(common)}`,
  ];
}

function drawImages(
  units: readonly Float64Array[],
  shape: ImageShape,
  common: readonly [number, number] | undefined,
  size: number,
  top: number,
): { images: string[]; height: number } {
  const count = units.length;
  const wanted = Math.ceil(Math.sqrt((count * ASPECT * shape.height) / shape.width));
  const columns = Math.max(1, Math.min(count, wanted));
  const width = Math.min((size - 32 + GAP) / columns - GAP, MAX_CELL);
  const height = (width * shape.height) / shape.width;
  const images = units.map((unit, j) => {
    const range = extent([unit]) ?? [0, 0];
    const image = {
      x: 16 + (j % columns) * (width + GAP),
      y: top + Math.floor(j / columns) * (height + GAP),
      width,
      height,
      "image-rendering": "pixelated",
      preserveAspectRatio: "none",
      href: thumbnail(unit, shape, common ?? range, true),
    };
    const hint = `hidden unit ${j}: weights ${rangeText(range)}`;
    return element("image", image, textElement("title", hint));
  });
  return { images, height: top + Math.ceil(count / columns) * (height + GAP) + 13 };
}

function rangeText([min, max]: readonly [number, number]): string {
  return `${formatNumber(min, 3)} to ${formatNumber(max, 3)}`;
}
