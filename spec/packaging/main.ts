// The chapters of spec/packaging: all of them, or those that are named.
//   npm --prefix spec/packaging test -- bundlers types
const CHAPTERS = ["archive", "engines", "types", "bundlers", "page", "next", "runners", "copies"];

const words = process.argv.slice(2);
const unknown = words.filter((word) => !CHAPTERS.includes(word));
if (unknown.length > 0)
  throw new Error(`packaging: expected of ${CHAPTERS.join(", ")}, got ${unknown.join(", ")}`);
for (const chapter of words.length > 0 ? words : CHAPTERS) await import(`./chapters/${chapter}.ts`);
