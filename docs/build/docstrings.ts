// Reads one declaration of a .d.ts file: its code, its members, and what its docstrings say.

/** A declaration, or a member of a class. */
export type Entry = {
  name: string;
  kind: "class" | "function" | "const" | "type";
  /** The declaration without its docstring, ready to be shown. */
  code: string;
  /** The docstring's prose, one line a paragraph. */
  text: string;
  /** The code of each `@example`. */
  examples: string[];
  /** The members of a class; empty for everything else. */
  members: Entry[];
  /** Whether a member belongs to the class and not to its instances. */
  isStatic: boolean;
};

type Statement = { doc: string; code: string };

/** The statements of a text that begin at this indentation, each with the docstring above it. */
function statements(text: string, indent: string): Statement[] {
  const found: Statement[] = [];
  const lines = text.split("\n");
  const starts = (line: string): boolean =>
    line.startsWith(indent) && /^[^\s}]/.test(line.slice(indent.length));
  const ends = (line: string): boolean =>
    line.startsWith(indent) &&
    !/^\s/.test(line.slice(indent.length)) &&
    /;$|^\s*\}$|\{\}$/.test(line);
  let doc = "";
  for (let i = 0; i < lines.length; i++) {
    const first = i;
    if (lines[i].startsWith(`${indent}/**`)) {
      while (!lines[i].endsWith("*/")) i++;
      doc = lines.slice(first, i + 1).join("\n");
    } else if (starts(lines[i])) {
      while (!ends(lines[i])) i++;
      const code = lines.slice(first, i + 1).map((line) => line.slice(indent.length));
      found.push({ doc, code: code.join("\n") });
      doc = "";
    }
  }
  return found;
}

/** The prose of a docstring, one line a paragraph, and its examples. */
function readDoc(doc: string): Pick<Entry, "text" | "examples"> {
  const lines = doc
    .replace(/^\s*\/\*\*/, "")
    .replace(/\*\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  const [text, ...examples] = lines.join("\n").split(/^\s*@example\b[ \t]*\n?/m);
  const paragraphs = text.trim().split(/\n{2,}/);
  return {
    text: paragraphs.map((paragraph) => paragraph.replaceAll(/\s*\n\s*/g, " ")).join("\n\n"),
    examples: examples.map((example) => example.trim()),
  };
}

/** Code on one line where it fits, else indented by two spaces; without `export` and `declare`. */
function tidy(code: string): string {
  const plain = code.replace(/^export /, "").replace(/^declare /, "");
  const flat = plain
    .replaceAll(/\{\n\s*/g, "{ ")
    .replaceAll(/;\n\s*\}/g, " }")
    .replaceAll(/\n\s*/g, " ");
  if (!plain.includes("/**") && flat.length <= 100) return flat;
  return plain.replaceAll(/^( {4})+/gm, (spaces) => spaces.slice(spaces.length / 2));
}

/** A member of a class; private fields and fields that only repeat Error's are left out. */
function memberOf({ doc, code }: Statement): Entry[] {
  if (/^(#private|private |name: string;)/.test(code)) return [];
  const name = /^(?:static |readonly |get |set )*(\[[\w.]+\]|\w+)/.exec(code)![1];
  const isMethod = /^(?:static )?[\w[\].]+(<.*>)?\(/.test(code);
  return [
    {
      name,
      kind: isMethod ? "function" : "const",
      code: tidy(code).replace(/;$/, ""),
      ...readDoc(doc),
      members: [],
      isStatic: code.startsWith("static "),
    },
  ];
}

const DECLARATION =
  /^(?:export )?(?:declare )?(?:abstract )?(class|function|const|type|interface) (\w+)/;

/** A declaration with its docstring, as a file of types has it. */
export function entryOf(declaration: string): Entry {
  const [{ doc, code }] = statements(declaration, "");
  const [, word, name] = DECLARATION.exec(code)!;
  const kind = word === "interface" ? "type" : (word as Entry["kind"]);
  const members = kind === "class" ? statements(code, "    ").flatMap(memberOf) : [];
  return { name, kind, code: tidy(code), ...readDoc(doc), members, isStatic: false };
}
