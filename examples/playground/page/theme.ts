// The colors of the style sheet, for canvases; they follow the reader's light or dark scheme.

export type Rgb = readonly [red: number, green: number, blue: number];
export type Theme = {
  surface: Rgb;
  ink: string;
  inkRgb: Rgb;
  accent: Rgb;
  muted: string;
  mutedRgb: Rgb;
  grid: string;
  font: string;
  classes: Rgb[];
  positive: Rgb;
  negative: Rgb;
};

export const MOST_CLASSES = 6; // as many as there are colors and shapes that can be told apart

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const text = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    surface: rgb(text("surface")),
    ink: text("ink"),
    inkRgb: rgb(text("ink")),
    accent: rgb(text("accent")),
    muted: text("muted"),
    mutedRgb: rgb(text("muted")),
    grid: text("grid"),
    font: text("sans"),
    classes: Array.from({ length: MOST_CLASSES }, (_, c) => rgb(text(`class${c}`))),
    positive: rgb(text("class1")),
    negative: rgb(text("class0")),
  };
}

/** Calls `use` whenever the reader's scheme changes. */
export function onThemeChange(use: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", use);
}

function rgb(hex: string): Rgb {
  const value = parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** `share` of `color` over `ground`. */
export function mix(ground: Rgb, color: Rgb, share: number): Rgb {
  const part = (i: 0 | 1 | 2): number => ground[i] + (color[i] - ground[i]) * share;
  return [part(0), part(1), part(2)];
}

export function css([red, green, blue]: Rgb, alpha = 1): string {
  return `rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)} / ${alpha})`;
}
