// All commands, in one module: a command needs most of what the others need, and one file loads
// faster than ten.

export { evaluate } from "./commands/evaluate.ts";
export { exportModel as export } from "./commands/export.ts";
export { gradcheck } from "./commands/gradcheck.ts";
export { importModel as import } from "./commands/import.ts";
export { info } from "./commands/info.ts";
export { predict } from "./commands/predict.ts";
export { report } from "./commands/report.ts";
export { search } from "./commands/search.ts";
export { train } from "./commands/train.ts";
