// What is computed row by row.

export { addRow, rowArgmax, rowMax, rowSum } from "./reference.ts";
