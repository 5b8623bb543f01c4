// Numbers as the commands print them.

/** 0.9733 as "97.3%"; "not measured" for what is no number. */
export function percent(value: unknown): string {
  return typeof value === "number" && Number.isFinite(value)
    ? `${(value * 100).toFixed(1)}%`
    : "not measured";
}

/** A share as a column of a table: three decimals, "–" where nothing was there to divide by. */
export function share(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : "–";
}

/** A number with at most `digits` significant digits. */
export function short(value: number, digits = 4): string {
  return String(Number(value.toPrecision(digits)));
}
