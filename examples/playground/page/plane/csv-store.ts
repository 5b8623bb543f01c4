// A pasted CSV that is too long for a link stays in this browser tab until it is closed.

import { CSV_LINK_LIMIT, type Settings } from "../settings.ts";

const STORED = "twolayer-csv";

export const EXAMPLE_CSV = `height,width,class
1.4,0.2,small
1.7,0.4,small
1.3,0.3,small
1.5,0.1,small
4.7,1.4,middle
4.1,1.3,middle
3.9,1.1,middle
4.5,1.5,middle
6.0,2.5,large
5.1,1.9,large
5.9,2.1,large
5.6,1.8,large`;

/** Whether the link to these settings lacks their CSV. */
export function isTooLongForLink({ data, csv }: Settings["plane"]): boolean {
  return data === "csv" && csv.length > CSV_LINK_LIMIT;
}

/** Keeps a CSV that the link does not hold; false when the browser does not keep it either. */
export function storeCsv(csv: string): boolean {
  try {
    sessionStorage.setItem(STORED, csv);
    return true;
  } catch {
    return false;
  }
}

/** The settings with a CSV: the link's own, else the one kept, else an example. */
export function withCsv(settings: Settings["plane"]): Settings["plane"] {
  if (settings.data !== "csv" || settings.csv !== "") return settings;
  let kept: string | null = null;
  try {
    kept = sessionStorage.getItem(STORED);
  } catch {
    // a browser that keeps nothing
  }
  return { ...settings, csv: kept ?? EXAMPLE_CSV };
}
