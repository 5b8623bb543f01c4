// Answers where some globals are missing, and functions with an exclamation mark throw:
// node host.mjs ENTRY NAME,OBJECT.NAME,OBJECT.FUNCTION!,…
import { createRequire } from "node:module";
import { answer } from "./hosts.js";

const [entry, names = ""] = process.argv.slice(2);
const { log } = console;
const require = createRequire(import.meta.url);
for (const name of names.split(",").filter((each) => each !== "")) {
  const path = name.replace("!", "").split(".");
  const holder = path.slice(0, -1).reduce((object, key) => object[key], globalThis);
  const wanted = path.at(-1);
  if (!(wanted in holder)) continue; // an older Node is such a host by itself
  if (name.endsWith("!")) {
    holder[wanted] = () => {
      throw new Error(`${name} is not supported`);
    };
    continue;
  }
  if (!Reflect.deleteProperty(holder, wanted) || wanted in holder)
    Object.defineProperty(holder, wanted, { value: undefined, configurable: true, writable: true });
}
log(JSON.stringify(await answer(entry.endsWith(".cjs") ? require(entry) : await import(entry))));
