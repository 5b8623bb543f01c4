// Answers where every intrinsic object is frozen before the package is loaded, as SES does it.
import { createRequire } from "node:module";
import { answer } from "./hosts.js";

const [entry] = process.argv.slice(2);
const seen = new Set();

function freeze(object) {
  if (Object(object) !== object || seen.has(object)) return;
  seen.add(object);
  Object.freeze(object);
  for (const key of Reflect.ownKeys(object)) {
    const { value, get, set } = Object.getOwnPropertyDescriptor(object, key);
    for (const each of [value, get, set]) freeze(each);
  }
  freeze(Object.getPrototypeOf(object));
}

const HOST = /^(process|Buffer|console|global(This)?|fetch|crypto|navigator|performance|[a-z]+Storage)$/;
for (const name of Object.getOwnPropertyNames(globalThis).filter((each) => !HOST.test(each))) {
  const { value } = Object.getOwnPropertyDescriptor(globalThis, name);
  freeze(value);
}
for (const sample of [function* () {}, async () => {}, async function* () {}, [].values()])
  freeze(Object.getPrototypeOf(sample));
const require = createRequire(import.meta.url);
console.log(JSON.stringify(await answer(entry.endsWith(".cjs") ? require(entry) : await import(entry))));
