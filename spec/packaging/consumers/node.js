import { run } from "./program.js";

run().then((answer) => console.log(JSON.stringify(answer)));
