// Which commands there are, and where each is loaded from when it is the one that runs.

import type { Command } from "./arguments.ts";

/** The names of the commands, each with its line in the list of commands. */
export const COMMANDS = {
  train: "Train a net and write it to a model file",
  predict: "Predict a label for every row",
  evaluate: "Measure a model on rows with known labels",
  search: "Try many settings and keep the best net",
  gradcheck: "Compare the net's gradients with numeric ones",
  info: "Say what a model file or checkpoint holds",
  export: "Write a model for Python, ONNX Runtime and others",
  import: "Make a model file from a net of another program",
  report: "Write an HTML page about a model and where it is wrong",
} as const;

const LOADERS: Record<keyof typeof COMMANDS, () => Promise<Command>> = {
  train: async () => (await import("./commands/train.ts")).train,
  predict: async () => (await import("./commands/predict.ts")).predict,
  evaluate: async () => (await import("./commands/evaluate.ts")).evaluate,
  search: async () => (await import("./commands/search.ts")).search,
  gradcheck: async () => (await import("./commands/gradcheck.ts")).gradcheck,
  info: async () => (await import("./commands/info.ts")).info,
  export: async () => (await import("./commands/export.ts")).exportModel,
  import: async () => (await import("./commands/import.ts")).importModel,
  report: async () => (await import("./commands/report.ts")).report,
};

/** The command of this name, which is loaded when it is asked for, without the others. */
export const loadCommand = (name: keyof typeof COMMANDS): Promise<Command> => LOADERS[name]();
