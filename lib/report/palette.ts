// Which colors and dash patterns a figure uses, once for light and once for dark.
//
// The six series colors are the hues of Okabe and Ito ("Color Universal Design", 2008), darkened
// for the light surface and lightened for the dark one: each keeps a contrast of at least 4.5:1 to
// its surface, as text needs, and stays 18 CIELAB units apart from the other five, also under
// simulated protanopia, deuteranopia and tritanopia. Dash patterns and direct labels carry the same
// information for readers who see no color at all.

type Shade = readonly [light: string, dark: string];

export const PALETTE = {
  surface: ["#ffffff", "#0d1117"],
  ink: ["#1f2328", "#e6edf3"],
  muted: ["#59636e", "#9da7b1"],
  grid: ["#dfe3e8", "#2a313a"],
  warning: ["#b3261e", "#ff8f85"],
  series0: ["#0072b2", "#56b4e9"], // blue
  series1: ["#c24e00", "#f0883e"], // vermilion
  series2: ["#0a593d", "#25e692"], // bluish green
  series3: ["#731470", "#c574a6"], // reddish purple
  series4: ["#4a3c00", "#ffd633"], // yellow, a dark ochre on white
  series5: ["#70757b", "#eef1f4"], // grey
} as const satisfies Record<string, Shade>;

export type Color = keyof typeof PALETTE;

export const SERIES_COLORS = 6;
const DASHES = [undefined, "7 4", "2 3", "9 3 2 3"] as const;

/** The color of series `index`; they repeat after six, with another dash. */
export function seriesColor(index: number): Color {
  return `series${index % SERIES_COLORS}` as Color;
}

/**
 * The dash pattern of series `index` (undefined = solid): with the color, 24 series can be told
 * apart.
 */
export function seriesDash(index: number): string | undefined {
  return DASHES[(index + Math.floor(index / SERIES_COLORS)) % DASHES.length];
}

const names = Object.keys(PALETTE) as Color[];
const variables = (side: 0 | 1) =>
  names.map((name) => `--tl-${name}:${PALETTE[name][side]}`).join(";");

/**
 * The custom properties of both color schemes for `selector`; a page may override --tl-ink and its
 * sisters.
 */
export function themeCss(selector: string): string {
  const rule = (side: 0 | 1) => `${selector}{${variables(side)}}`;
  return `${rule(0)}@media (prefers-color-scheme:dark){${rule(1)}}`;
}

/**
 * The style sheet that every figure carries; the same text in each, so that many in one page do no
 * harm.
 */
export const FIGURE_CSS =
  `svg.tl{max-width:100%;height:auto}${themeCss("svg.tl")}` +
  names
    .map((name) => `.tl-f-${name}{fill:var(--tl-${name})}.tl-s-${name}{stroke:var(--tl-${name})}`)
    .join("");

/**
 * The attributes that paint a shape with palette colors: the light color as a plain attribute,
 * which renderers without style sheets show, and a class through which FIGURE_CSS takes over and
 * follows the color scheme. No fill is "none".
 */
export function paint(fill?: Color, stroke?: Color): Record<"fill" | "stroke" | "class", string> {
  return {
    fill: fill ? PALETTE[fill][0] : "none",
    stroke: stroke ? PALETTE[stroke][0] : "",
    class: [fill && `tl-f-${fill}`, stroke && `tl-s-${stroke}`].filter(Boolean).join(" "),
  };
}
