// Where the inputs, hidden units and outputs of the drawn net stand, and which line between them a
// pointer is near.

export type Place = { x: number; y: number };
export type NetLayout = {
  height: number;
  inputs: Place[];
  units: Place[];
  outputs: Place[];
};
/** A weight: of layer 1 from an input to a unit, of layer 2 from a unit to a class. */
export type Link = { layer: 1 | 2; from: number; to: number };
export type Curve = { link: Link; start: Place; end: Place };

export const CELL = 44; // pixels of a button, as large as a finger needs
const PITCH = 48;
const ROOM = 44; // for the lines between a column and the next, at least
const FEW = 8; // units that stand in one column
const PIECES = 12; // straight pieces that a curve is measured by

export type NetSizes = { inputs: number; hidden: number; classes: number };

/** The centers of all buttons in a drawing of this width. */
export function layoutNet(width: number, { inputs, hidden, classes }: NetSizes): NetLayout {
  const middle = width - 2 * (CELL + ROOM);
  const most = Math.max(1, Math.floor(middle / PITCH));
  const columns = Math.min(most, Math.ceil(hidden / FEW));
  const rows = Math.ceil(hidden / columns);
  const stagger = columns > 1 ? PITCH / 2 : 0;
  const tallest = Math.max(inputs * PITCH, rows * PITCH + stagger, classes * PITCH);
  const pitch = Math.min(PITCH * 1.7, columns > 1 ? (middle - CELL) / (columns - 1) : PITCH);
  const left = width / 2 - ((columns - 1) * pitch) / 2;
  const top = (tallest - rows * PITCH - stagger) / 2 + PITCH / 2;
  return {
    height: tallest,
    inputs: column(inputs, CELL / 2, tallest),
    units: Array.from({ length: hidden }, (_, h) => ({
      x: left + (h % columns) * pitch,
      y: top + Math.floor(h / columns) * PITCH + ((h % columns) % 2) * stagger,
    })),
    outputs: column(classes, width - CELL / 2, tallest),
  };
}

function column(count: number, x: number, height: number): Place[] {
  const pitch = Math.min(height / count, 1.6 * PITCH);
  const top = (height - count * pitch) / 2;
  return Array.from({ length: count }, (_, i) => ({ x, y: top + (i + 0.5) * pitch }));
}

/** The curve of every weight; `active` are the places of the inputs that the net has. */
export function linkCurves(layout: NetLayout, active: readonly number[]): Curve[] {
  const half = CELL / 2 - 2;
  const curve = (link: Link, from: Place, to: Place): Curve => ({
    link,
    start: { x: from.x + half, y: from.y },
    end: { x: to.x - half, y: to.y },
  });
  return layout.units.flatMap((unit, h) => [
    ...active.map((place, i) => curve({ layer: 1, from: i, to: h }, layout.inputs[place], unit)),
    ...layout.outputs.map((output, c) => curve({ layer: 2, from: h, to: c }, unit, output)),
  ]);
}

/** Half way between the ends: both handles of the curve lie there. */
export function handleOf({ start, end }: Curve): number {
  return (start.x + end.x) / 2;
}

/** The curve nearest to the point, if it is nearer than `reach` pixels. */
export function nearestCurve(
  curves: readonly Curve[],
  point: Place,
  reach: number,
): Curve | undefined {
  let nearest: Curve | undefined;
  let least = reach;
  for (const curve of curves) {
    const inside = point.x >= curve.start.x - reach && point.x <= curve.end.x + reach;
    const distance = inside ? distanceTo(curve, point) : Infinity;
    if (distance < least) {
      least = distance;
      nearest = curve;
    }
  }
  return nearest;
}

function distanceTo(curve: Curve, point: Place): number {
  let least = Infinity;
  let from = curve.start;
  for (let k = 1; k <= PIECES; k++) {
    const to = pointOn(curve, k / PIECES);
    least = Math.min(least, distanceToSegment(point, from, to));
    from = to;
  }
  return least;
}

/** The point at `t` in 0..1 of the cubic curve. */
function pointOn(curve: Curve, t: number): Place {
  const handle = handleOf(curve);
  const { start, end } = curve;
  const [a, b, c, d] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
  return {
    x: a * start.x + (b + c) * handle + d * end.x,
    y: (a + b) * start.y + (c + d) * end.y,
  };
}

function distanceToSegment(point: Place, from: Place, to: Place): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = ((point.x - from.x) * dx + (point.y - from.y) * dy) / (length || 1);
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(point.x - from.x - t * dx, point.y - from.y - t * dy);
}
