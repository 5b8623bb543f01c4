import { run } from "./program.js";

const answer = (value) => parent.postMessage({ name: document.title, ...value }, "*");
run().then(answer, (error) => answer({ error: String(error.stack) }));
