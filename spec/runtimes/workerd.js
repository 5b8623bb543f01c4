// Runs the program in workerd, and prints its report as one line of JSON.
import digits from "digits.csv";
import * as twolayer from "dist/index.js";
import { run } from "program.js";

export default {
  async test() {
    console.log(JSON.stringify(await run(twolayer, digits)));
  },
};
