// The API reference in README.md, made from the docstrings: `npm run docs` writes it between the
// lines <!-- api --> and <!-- /api -->, and spec/api-reference.test.ts keeps it honest.
//
// The compiler writes the declarations; what index.ts exports is looked up in them in its order,
// folder by folder: of a function its signature, docstring and @example; of a class its members; of
// a type its declaration, and those of the types it is made of, whether or not they are exported.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./sources.ts";

/** A declaration, or a member of a class: its code without comment, and what its docstring says. */
export type Entry = {
  name: string;
  kind: "class" | "function" | "const" | "type";
  code: string;
  doc: string;
  text: string;
  examples: string[];
  members: Entry[];
};
export type Section = { folder: string; entries: Entry[]; inner: Entry[] };

const BEGIN = "<!-- api -->";
const END = "<!-- /api -->";

const FOLDERS: Record<string, [title: string, intro: string]> = {
  base: [
    "Errors and chance",
    "What goes wrong has a class and a message with the numbers in it; what is random has a seed.",
  ],
  kernels: ["Speed", "Which code computes products, and on how many threads."],
  matrix: ["Matrices", "Dense, float64, row-major."],
  net: ["Nets", "The net, its loss and gradients."],
  training: ["Training", "Optimizers, schedules, and the training itself."],
  search: ["Hyperparameter search", "Trainings with other settings, and the best of them."],
  data: ["Data", "From tables and images to X and y."],
  formats: [
    "File formats",
    "Pure functions between bytes (or text) and values; nothing here opens a file.",
  ],
  model: [
    "Models in files",
    "A net with what is needed to use it on raw rows, and how nets and half-finished trainings are spelt in files.",
  ],
  report: ["Pictures and text", "Numbers in, SVG, HTML or text out."],
};

const unix = (text: string): string => text.replaceAll("\r\n", "\n");

/** The declarations of all files of lib: path without ending, as in "net/trainer", to its text. */
function declarations(): (file: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "twolayer-api-"));
  try {
    const { status, stdout, error } = spawnSync(
      process.execPath,
      [
        join(ROOT, "node_modules", "typescript", "bin", "tsc"),
        "-p",
        "lib",
        "--emitDeclarationOnly",
        "--noCheck",
        "--outDir",
        folder,
      ],
      { cwd: ROOT, encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`tsc: ${error ?? stdout}`);
    const texts = new Map<string, string>();
    const read = (file: string): string => {
      const text = texts.get(file) ?? unix(readFileSync(join(folder, `${file}.d.ts`), "utf8"));
      texts.set(file, text);
      return text;
    };
    // everything that index.ts leads to is read before the folder goes
    const visit = (file: string): void => {
      if (texts.has(file)) return;
      for (const [, from] of read(file).matchAll(/ from "(\.[^"]+)\.ts"/g))
        visit(posix.join(posix.dirname(file), from));
    };
    visit("index");
    return (file) => texts.get(file)!;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The statements of a text that begin at this indentation, each with the docstring above it. */
function statements(text: string, indent: string): { doc: string; code: string }[] {
  const found: { doc: string; code: string }[] = [];
  const lines = text.split("\n");
  let doc = "";
  for (let i = 0; i < lines.length; i++) {
    if (lines[i].startsWith(`${indent}/**`)) {
      const start = i;
      while (!lines[i].endsWith("*/")) i++;
      doc = lines.slice(start, i + 1).join("\n");
    } else if (
      lines[i].startsWith(indent) &&
      !/^[\s}]/.test(lines[i].slice(indent.length)) &&
      lines[i].trim() !== ""
    ) {
      const start = i;
      const ends = (line: string): boolean =>
        line.startsWith(indent) &&
        !/^\s/.test(line.slice(indent.length)) &&
        /;$|^\s*\}$|\{\}$/.test(line);
      while (!ends(lines[i])) i++;
      found.push({
        doc,
        code: lines
          .slice(start, i + 1)
          .map((line) => line.slice(indent.length))
          .join("\n"),
      });
      doc = "";
    }
  }
  return found;
}

/** What a docstring says: its text as one line a paragraph, and its examples. */
function readDoc(doc: string): { text: string; examples: string[] } {
  const lines = doc
    .replace(/^\s*\/\*\*/, "")
    .replace(/\*\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  const [text, ...examples] = lines.join("\n").split(/^\s*@example\b[ \t]*\n?/m);
  return {
    text: text
      .trim()
      .split(/\n{2,}/)
      .map((paragraph) => paragraph.replaceAll(/\s*\n\s*/g, " "))
      .join("\n\n"),
    examples: examples.map((example) => example.trim()),
  };
}

/**
 * Code on one line where it fits, else with two spaces for four; without words that say nothing to
 * a reader.
 */
function tidy(code: string): string {
  const plain = code.replace(/^export /, "").replace(/^declare /, "");
  const flat = plain
    .replaceAll(/\{\n\s*/g, "{ ")
    .replaceAll(/;\n\s*\}/g, " }")
    .replaceAll(/\n\s*/g, " ");
  if (!plain.includes("/**") && flat.length <= 124) return flat;
  return plain.replaceAll(/^( {4})+/gm, (spaces) => spaces.slice(spaces.length / 2));
}

function entryOf({ doc, code }: { doc: string; code: string }): Entry {
  const [, word, name] =
    /^(?:export )?(?:declare )?(?:abstract )?(class|function|const|type|interface) (\w+)/.exec(
      code,
    )!;
  const kind = word === "interface" ? "type" : (word as Entry["kind"]);
  const members = kind === "class" ? statements(code, "    ").flatMap(memberOf) : [];
  return { name, kind, code: tidy(code), doc, ...readDoc(doc), members };
}

/** A member of a class; fields that only repeat Error's are left out. */
function memberOf({ doc, code }: { doc: string; code: string }): Entry[] {
  if (code === "#private;" || /^name: string;$/.test(code)) return [];
  const name = /^(?:static |readonly |get )*(\[[\w.]+\]|\w+)/.exec(code)![1];
  return [
    {
      name,
      kind: /^(?:static )?[\w[\].]+(<.*>)?\(/.test(code) ? "function" : "const",
      code: tidy(code).replace(/;$/, ""),
      doc,
      ...readDoc(doc),
      members: [],
    },
  ];
}

/** Everything that index.ts exports, by folder and in its order. */
export function readApi(): Section[] {
  const text = declarations();
  const entries = (file: string): Entry[] =>
    statements(text(file), "")
      .filter(
        ({ code }) =>
          /^(export )?(declare |type |interface )/.test(code) && !/^export \{/.test(code),
      )
      .map(entryOf);
  /** The declaration of a name as this file sees it: its own or, through an import, another's. */
  const find = (file: string, name: string): [file: string, entry: Entry] | undefined => {
    const own = entries(file).find((entry) => entry.name === name);
    if (own !== undefined) return [file, own];
    for (const [, names, from] of text(file).matchAll(
      /^import (?:type )?\{([^}]*)\} from "(\.[^"]+)\.ts"/gm,
    )) {
      if (names.split(",").some((item) => item.trim().replace(/^type /, "") === name))
        return find(posix.join(posix.dirname(file), from), name);
    }
    return undefined;
  };
  const sections: Section[] = [];
  const listed = new Set<string>();
  const exported: [file: string, entry: Entry][] = [];
  const entryFiles = ["core", "data", "formats", "model", "report"].map(text).join("\n");
  for (const [, allTypes, names, file] of entryFiles.matchAll(
    /^export (type )?\{([^}]*)\} from "\.\/([^"]+)\.ts"/gm,
  )) {
    const folder = file.split("/")[0];
    if (sections.at(-1)?.folder !== folder) sections.push({ folder, entries: [], inner: [] });
    for (const item of names
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean)) {
      const name = item.replace(/^type /, "");
      const typeOnly = allTypes !== undefined || name !== item;
      const found = find(file, name);
      if (found === undefined)
        throw new Error(`api-reference: ${file} has no declaration of ${name}`);
      // not the user's to call
      if (typeOnly)
        found[1].members = found[1].members.filter((member) => member.name !== "constructor");
      sections.at(-1)!.entries.push(found[1]);
      listed.add(name);
      exported.push(found);
    }
  }
  // Names in signatures that are not exported, and those in theirs.
  for (const [file, entry] of exported) {
    const code =
      entry.kind === "class" ? entry.members.map((member) => member.code).join("\n") : entry.code;
    for (const [name] of code
      .replaceAll(/\/\*\*[^]*?\*\/|"[^"]*"/g, "")
      .matchAll(/\b[A-Z]\w*\b/g)) {
      const found = listed.has(name) ? undefined : find(file, name);
      if (found === undefined) continue;
      listed.add(name);
      exported.push(found);
      sections.find(({ folder }) => folder === found[0].split("/")[0])!.inner.push(found[1]);
    }
  }
  return sections;
}

const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
const heading = ({ kind, name }: Entry): string =>
  kind === "class" ? `class \`${name}\`` : `\`${name}\``;
const fence = (language: string, code: string): string => `\`\`\`${language}\n${code}\n\`\`\``;
const blocks = (examples: string[]): string[] => examples.map((example) => fence("ts", example));

/** The reference as Markdown. */
export function apiReference(sections: Section[] = readApi()): string {
  const contents = sections.map(({ folder, entries }) => {
    const [title] = FOLDERS[folder];
    const values = entries
      .filter(({ kind }) => kind !== "type")
      .map((entry) => `[\`${entry.name}\`](#${anchor(heading(entry))})`);
    return `- [${title}](#${anchor(title)}): ${values.join(" ")}`;
  });
  const parts = [contents.join("\n")];
  for (const { folder, entries, inner } of sections) {
    const [title, intro] = FOLDERS[folder];
    parts.push(`### ${title}`, intro);
    for (const entry of entries) {
      if (entry.kind === "type") continue;
      parts.push(`#### ${heading(entry)}`);
      if (entry.kind !== "class") parts.push(fence("typescript", entry.code));
      if (entry.text !== "") parts.push(entry.text);
      if (entry.members.length > 0)
        parts.push(entry.members.map(({ code, text }) => item(code, text)).join("\n"));
      parts.push(
        ...blocks(entry.examples),
        ...blocks(entry.members.flatMap(({ examples }) => examples)),
      );
    }
    const types = [...entries, ...inner].filter(
      ({ kind, name }) => kind === "type" || inner.some((entry) => entry.name === name),
    );
    if (types.length === 0) continue;
    parts.push(
      `#### Types: ${title.toLowerCase()}`,
      fence(
        "typescript",
        types.map(({ doc, code }) => (doc === "" ? code : `${doc}\n${code}`)).join("\n\n"),
      ),
    );
  }
  return parts.join("\n\n");
}

/** A member of a class as an item of a list. */
function item(code: string, text: string): string {
  const flat = code.replaceAll(/\s*\n\s*/g, " ").replaceAll("; }", " }");
  return `- \`${flat}\`${text === "" ? "" : `: ${text.replaceAll("\n\n", " ")}`}`;
}

/**
 * `markdown` with the reference between its markers; throws when it does not have them, in this
 * order, once.
 */
export function withReference(markdown: string, reference: string): string {
  const parts = unix(markdown).split(new RegExp(`^(?:${BEGIN}|${END})$`, "m"));
  if (parts.length !== 3 || markdown.indexOf(BEGIN) > markdown.indexOf(END))
    throw new Error(`api-reference: expected the lines ${BEGIN} and ${END} once each`);
  return `${parts[0]}${BEGIN}\n\n${reference}\n\n${END}${parts[2]}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = join(ROOT, "README.md");
  writeFileSync(path, withReference(readFileSync(path, "utf8"), apiReference()));
}
