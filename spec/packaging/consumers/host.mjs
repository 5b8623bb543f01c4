// Answers where some of the globals are missing: node host.mjs ENTRY NAME,OBJECT.NAME,…
import { createRequire } from "node:module";
import { answer } from "./hosts.js";

const [entry, names = ""] = process.argv.slice(2);
const { log } = console;
const require = createRequire(import.meta.url);
for (const name of names.split(",").filter((each) => each !== "")) {
  const path = name.split(".");
  const holder = path.slice(0, -1).reduce((object, key) => object[key], globalThis);
  const wanted = path.at(-1);
  if (!(wanted in holder)) continue; // an older Node is such a host by itself
  if (!Reflect.deleteProperty(holder, wanted) || wanted in holder)
    Object.defineProperty(holder, wanted, { value: undefined, configurable: true, writable: true });
}
log(JSON.stringify(await answer(entry.endsWith(".cjs") ? require(entry) : await import(entry))));
