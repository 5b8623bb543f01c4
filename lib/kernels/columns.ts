// What is computed down the columns.

export { columnSum } from "./reference.ts";
