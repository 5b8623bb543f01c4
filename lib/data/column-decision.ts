// What is decided about a column of a table, as plain JSON, and what stands in the way.

/** What a column is. */
export type ColumnKind = "number" | "category" | "constant" | "identifier" | "date" | "empty";

/** An option of prepareTable, and of the command line under the same name, with a value for it. */
export type ColumnOption = {
  name: "ignore" | "categorical" | "numeric" | "missing" | "na";
  value: string;
};

/** Something that was decided about a column of a table because nobody had said it. Plain JSON. */
export type ColumnDecision = {
  column: string;
  kind: ColumnKind | "label";
  /** The number of cells that are missing. */
  missing: number;
  /** What was done, as in "1 of 3 categories". */
  done: string;
  /** The option that decides otherwise, if there is one. */
  otherwise?: ColumnOption | undefined;
  /** The options that say the same explicitly. */
  confirm: ColumnOption[];
};

/** A column that cannot be decided: it has to be named in an option. */
export type ColumnProblem = {
  row: number;
  index: number;
  reason: string;
  /** The texts that are in the way; read as missing cells, they are not. */
  texts: string[];
};
