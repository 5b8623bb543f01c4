// What each page of the API reference contains: the values of one subpath, in sections, and below
// each value the types in its signature that the page has not shown yet.
import {
  type Declarations,
  type Export,
  readDeclarations,
  SUBPATHS,
  type Subpath,
} from "./declarations.ts";

/** A value with the types of its signature: all of them, and those first shown below it. */
export type Item = Export & { uses: Export[]; types: Export[] };
export type Section = { title: string; intro: string; items: Item[] };
export type Page = { subpath: Subpath; sections: Section[]; otherTypes: Export[] };
export type Api = { pages: Page[]; ownerOf: ReadonlyMap<string, Subpath> };

// The folders of lib, in the order of the sections.
const SECTIONS: Record<string, [title: string, intro: string]> = {
  matrix: ["Matrices", "Dense, row-major matrices of float64 numbers."],
  net: ["Nets", "The two-layer net, its loss and its gradients."],
  training: ["Training", "The training loop, optimizers and learning-rate schedules."],
  search: ["Hyperparameter search", "Trains with many settings and keeps the best net."],
  base: ["Errors and random numbers", "The error classes, and the seeded random generator."],
  kernels: ["Speed", "Which code computes the products, and on how many threads."],
  data: ["Data", "From tables and images to `X` and `y`."],
  formats: [
    "File formats",
    "Pure functions between bytes (or text) and values. None of them opens a file.",
  ],
  model: [
    "Models",
    "A net together with what it needs to read raw rows; model files, checkpoints, and nets of " +
      "other programs.",
  ],
  report: ["Pictures and text", "Functions from numbers to SVG, HTML or text."],
};

/** The declared names in the signature of an export, in order. */
function namesIn({ entry, name: own }: Export): string[] {
  const code =
    entry.kind === "class" ? entry.members.map(({ code }) => code).join("\n") : entry.code;
  const names = code.replaceAll(/\/\*\*[^]*?\*\/|"[^"]*"/g, "").matchAll(/\b[A-Z]\w*\b/g);
  return [...new Set(Array.from(names, ([name]) => name))].filter((name) => name !== own);
}

function itemsOf(exported: Export[], declarations: Declarations): Item[] {
  const shown = new Set<string>();
  const usedBy = (item: Export): Export[] =>
    namesIn(item).flatMap((name) => declarations.find(item.file, name) ?? []);
  const introduce = (item: Export): Export[] =>
    usedBy(item).flatMap((type) => {
      if (type.entry.kind !== "type" || shown.has(type.name)) return [];
      shown.add(type.name);
      return [type, ...introduce(type)];
    });
  return exported
    .filter(({ entry }) => entry.kind !== "type")
    .map((item) => ({ ...item, uses: usedBy(item), types: introduce(item) }));
}

/** The pages of the reference, one a subpath, and the subpath that exports each name. */
export function readApi(declarations = readDeclarations()): Api {
  const ownerOf = new Map<string, Subpath>();
  const pages = SUBPATHS.map((subpath): Page => {
    const exported = declarations.exportsOf(subpath);
    for (const { name } of exported) ownerOf.set(name, subpath);
    const folderOf = ({ file }: Export): string => file.split("/")[0];
    const order = Object.keys(SECTIONS);
    const sorted = [...exported].sort(
      (a, b) => order.indexOf(folderOf(a)) - order.indexOf(folderOf(b)),
    );
    const items = itemsOf(sorted, declarations);
    const sections = order.flatMap((folder): Section[] => {
      const own = items.filter((item) => folderOf(item) === folder);
      const [title, intro] = SECTIONS[folder];
      return own.length === 0 ? [] : [{ title, intro, items: own }];
    });
    const shown = new Set(items.flatMap(({ types }) => types.map(({ name }) => name)));
    const otherTypes = sorted.filter(
      ({ name, entry }) => entry.kind === "type" && !shown.has(name),
    );
    return { subpath, sections, otherTypes };
  });
  return { pages, ownerOf };
}
