// The public surface, whole: what the six subpaths export, and nothing else.

export * from "./core.ts";
export * from "./data.ts";
export * from "./formats.ts";
export * from "./model.ts";
export * from "./report.ts";
export * from "./search.ts";
