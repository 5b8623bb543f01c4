// All there is.
import * as twolayer from "twolayer";

globalThis.answer = Object.keys(twolayer).length;
globalThis.twolayer = twolayer;
