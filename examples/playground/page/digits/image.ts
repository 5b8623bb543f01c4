// How strokes of a pen become what the net was trained on: 8×8 counts of 0..16.
//
// The UCI digits were written on paper, scanned, cut out and normalised to bitmaps of 32×32 before
// the dark pixels of every 4×4 block were counted (with preprocessing programs of NIST). What that
// normalisation did can be read off the 1797 images: all are 32 high, hardly any is wider than the
// middle 24 columns, and whatever the digit, close to 30 % of the pixels are dark (the means of the
// ten classes lie in 0.296..0.322), a "1" as well as an "8". So the strokes are stretched to that
// box and drawn with the pen width that gives that much ink.

export type Point = { x: number; y: number };
export type Stroke = readonly Point[];

export const SIDE = 8;
export const GREY = 16; // the darkest cell

const BLOCK = 4; // pixels of the bitmap along a cell
const SIZE = SIDE * BLOCK;
// of 1500 drawn digits (see training.ts) 116, 114, 119, 145, 195 were misread with 17, 18,
// 19, 20, 21
const BOX_WIDTH = 18;
const MOST_STRETCH = 1.3; // of width against height: a "1" must not become as wide as a "0"
const INK = 0.305 * SIZE * SIZE; // dark pixels
const PEN = { thinnest: 2, thickest: 11 };

/**
 * 64 counts, row by row, of the digit that `strokes` draw, whatever its place and size; undefined
 * when there is no point.
 */
export function digitImage(strokes: readonly Stroke[]): Float64Array | undefined {
  const drawn = strokes.filter((stroke) => stroke.length > 0);
  if (drawn.length === 0) return undefined;
  let [thin, thick] = [PEN.thinnest, PEN.thickest];
  for (let halving = 0; halving < 8; halving++) {
    const pen = (thin + thick) / 2;
    if (count(bitmap(drawn, pen)) < INK) thin = pen;
    else thick = pen;
  }
  return blockCounts(bitmap(drawn, (thin + thick) / 2));
}

/**
 * 32×32 pixels, 1 where the pen, `pen` pixels wide, passed over the strokes stretched to the box.
 */
function bitmap(strokes: readonly Stroke[], pen: number): Uint8Array {
  const fitted = fit(strokes, pen);
  const pixels = new Uint8Array(SIZE * SIZE);
  const reach = (pen / 2) ** 2;
  for (const stroke of fitted) {
    for (let s = 0; s < stroke.length; s++) {
      const from = stroke[Math.max(s - 1, 0)];
      const to = stroke[s];
      for (let y = 0; y < SIZE; y++) {
        for (let x = 0; x < SIZE; x++) {
          if (squaredDistance(x + 0.5, y + 0.5, from, to) <= reach) pixels[y * SIZE + x] = 1;
        }
      }
    }
  }
  return pixels;
}

/**
 * The strokes moved and stretched so that a pen of width `pen` just touches the edges of the box.
 */
function fit(strokes: readonly Stroke[], pen: number): Point[][] {
  const points = strokes.flat();
  const [left, right] = [Math.min(...points.map((p) => p.x)), Math.max(...points.map((p) => p.x))];
  const [top, bottom] = [Math.min(...points.map((p) => p.y)), Math.max(...points.map((p) => p.y))];
  const free = Number.MAX_VALUE; // a line without extent can be stretched at will
  let scaleX = right > left ? (BOX_WIDTH - pen) / (right - left) : free;
  let scaleY = bottom > top ? (SIZE - pen) / (bottom - top) : free;
  scaleX = Math.min(scaleX, MOST_STRETCH * scaleY);
  scaleY = Math.min(scaleY, 2 * MOST_STRETCH * scaleX);
  const middle = SIZE / 2;
  return strokes.map((stroke) =>
    stroke.map(({ x, y }) => ({
      x: middle + (right > left ? (x - (left + right) / 2) * scaleX : 0),
      y: middle + (bottom > top ? (y - (top + bottom) / 2) * scaleY : 0),
    })),
  );
}

/** From the point (x, y) to the segment between `a` and `b`. */
function squaredDistance(x: number, y: number, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / length));
  return (x - a.x - t * dx) ** 2 + (y - a.y - t * dy) ** 2;
}

function count(pixels: Uint8Array): number {
  return pixels.reduce((sum, pixel) => sum + pixel, 0);
}

function blockCounts(pixels: Uint8Array): Float64Array {
  const counts = new Float64Array(SIDE * SIDE);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++)
      counts[Math.floor(y / BLOCK) * SIDE + Math.floor(x / BLOCK)] += pixels[y * SIZE + x];
  }
  return counts;
}
