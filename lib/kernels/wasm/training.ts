// The part of WebAssembly that only training needs, so that products alone do without its bytes.
import { trainingModule } from "./emit-modules.ts";
import { type Engine, instantiate, type TrainingKernels } from "./engine.ts";

let compiled: WebAssembly.Module | undefined;

/** The kernels of a training step over an engine's memory, which the first call for it makes. */
export function trainingKernels(engine: Engine): TrainingKernels {
  if (engine.training !== undefined) return engine.training;
  compiled ??= new WebAssembly.Module(trainingModule(false));
  engine.training = instantiate<TrainingKernels>(compiled, engine.memory);
  return engine.training;
}
