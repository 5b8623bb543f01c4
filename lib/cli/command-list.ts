// Which commands there are, and where each is loaded from when it is the one that runs.

import type { Command } from "./arguments.ts";

export type CommandEntry = {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  load(): Promise<Command>;
};

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "train",
    summary: "Train a net and write it to a model file",
    load: async () => (await import("./commands/train.ts")).train,
  },
  {
    name: "predict",
    summary: "Predict a label for every row",
    load: async () => (await import("./commands/predict.ts")).predict,
  },
  {
    name: "evaluate",
    summary: "Measure a model on rows with known labels",
    load: async () => (await import("./commands/evaluate.ts")).evaluate,
  },
  {
    name: "search",
    summary: "Try many settings and keep the best net",
    load: async () => (await import("./commands/search.ts")).search,
  },
  {
    name: "gradcheck",
    summary: "Compare the net's gradients with numeric ones",
    load: async () => (await import("./commands/gradcheck.ts")).gradcheck,
  },
  {
    name: "info",
    summary: "Say what a model file or checkpoint holds",
    load: async () => (await import("./commands/info.ts")).info,
  },
  {
    name: "export",
    summary: "Write a model for Python, ONNX Runtime and others",
    load: async () => (await import("./commands/export.ts")).exportModel,
  },
  {
    name: "import",
    summary: "Make a model file from a net of another program",
    load: async () => (await import("./commands/import.ts")).importModel,
  },
  {
    name: "report",
    summary: "Write an HTML page about a model and where it is wrong",
    load: async () => (await import("./commands/report.ts")).report,
  },
];
