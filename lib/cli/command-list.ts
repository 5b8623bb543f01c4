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

/** The command of this name, which is loaded with all others when the first is asked for. */
export async function loadCommand(name: keyof typeof COMMANDS): Promise<Command> {
  return (await import("./commands.ts"))[name];
}
