// All there is.
import * as twolayer from "twolayer";

// a name that begins with an underscore is the package's own
globalThis.answer = Object.keys(twolayer).filter((name) => !name.startsWith("_")).length;
globalThis.twolayer = twolayer;
