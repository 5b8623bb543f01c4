import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Color,
  FIGURE_CSS,
  PALETTE,
  paint,
  SERIES_COLORS,
  seriesColor,
  seriesDash,
} from "../../lib/report/palette.ts";

type Rgb = [number, number, number]; // linear light, 0..1

function linear(hex: string): Rgb {
  const part = (at: number) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** WCAG 2 contrast ratio. */
function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

// Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision
// deficiency" (2009), severity 1.
const VISION: Record<string, number[][]> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function lab(rgb: Rgb): Rgb {
  const [r, g, b] = rgb.map((c) => Math.min(1, Math.max(0, c)));
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (t * 24389) / 27 / 116 + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const series = Array.from({ length: SERIES_COLORS }, (_, i) => seriesColor(i));

for (const [side, scheme] of [
  [0, "light"],
  [1, "dark"],
] as const) {
  const color = (name: Color) => linear(PALETTE[name][side]);

  test(`In the ${scheme} scheme text and series have a contrast of at least 4.5:1`, () => {
    for (const name of ["ink", "muted", "warning", ...series] as const) {
      const ratio = contrast(color(name), color("surface"));
      assert.ok(ratio >= 4.5, `${name}: ${ratio}`);
    }
  });

  test(`In the ${scheme} scheme any two series colors differ in color-blind vision too`, () => {
    for (const [vision, matrix] of Object.entries(VISION)) {
      const seen = series.map((name) =>
        lab(matrix.map((row) => row.reduce((sum, m, c) => sum + m * color(name)[c], 0)) as Rgb),
      );
      for (let i = 0; i < seen.length; i++) {
        for (let j = 0; j < i; j++) {
          const distance = Math.hypot(...seen[i].map((v, c) => v - seen[j][c]));
          assert.ok(
            distance >= 18,
            `${vision}: ${series[j]} and ${series[i]} are ${distance.toFixed(1)} apart in CIELAB`,
          );
        }
      }
    }
  });
}

test("24 series differ in color and dash together, neighbors in both", () => {
  const looks = Array.from({ length: 24 }, (_, i) => `${seriesColor(i)} ${seriesDash(i)}`);
  assert.equal(new Set(looks).size, 24);
  for (let i = 1; i < 24; i++) {
    assert.notEqual(seriesColor(i), seriesColor(i - 1));
    if (i % SERIES_COLORS !== 0) assert.notEqual(seriesDash(i), seriesDash(i - 1));
  }
  assert.equal(seriesDash(0), undefined);
});

test("paint gives the light color as an attribute and a class that follows the scheme", () => {
  assert.deepEqual(paint("ink"), {
    fill: "#1f2328",
    stroke: "",
    class: "tl-f-ink",
  });
  assert.deepEqual(paint(undefined, "grid"), {
    fill: "none",
    stroke: "#dfe3e8",
    class: "tl-s-grid",
  });
  assert.deepEqual(paint("series0", "surface"), {
    fill: "#0072b2",
    stroke: "#ffffff",
    class: "tl-f-series0 tl-s-surface",
  });
});

test("The style sheet has every color of both schemes and no markup characters", () => {
  for (const [light, dark] of Object.values(PALETTE)) {
    assert.ok(FIGURE_CSS.includes(`:${light}`) && FIGURE_CSS.includes(`:${dark}`));
  }
  assert.match(FIGURE_CSS, /@media \(prefers-color-scheme:dark\)/);
  assert.doesNotMatch(FIGURE_CSS, /[<>&]/);
});
