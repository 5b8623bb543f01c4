// What one file of types holds, as the compiler writes it: the declarations, and the names it
// imports and exports. The compiler's output is regular, which makes a parser unnecessary: every
// statement begins in the first column, and a line that begins with a space or a closing bracket
// continues one.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where a name comes from, and whether it is imported or exported as a type only. */
export type Source = { file: string; name: string; typeOnly: boolean };

export type DeclarationFile = {
  /** The text of each declaration with its comment. */
  declarations: Map<string, string>;
  imported: Map<string, Source>;
  exported: Map<string, Source>;
};

const CLAUSE = /^(import|export)\s+(type\s+)?\{([^}]*)\}\s*from\s*"([^"]+)";/;
// What a file exports of its own or imports is found by name; the clause adds nothing.
const LOCAL_EXPORT = /^export (?:type )?\{[^}]*\};$/;
const DECLARATION =
  /^(?:export )?(?:declare )?(?:abstract )?(?:class|const|function|interface|type) (\w+)/;

/** Reads the types of `file`, a source of lib, from the folder that the compiler wrote to. */
export function readDeclarations(folder: string, file: string): DeclarationFile {
  const text = readFileSync(join(folder, file.replace(/\.ts$/, ".d.ts")), "utf8");
  const found: DeclarationFile = {
    declarations: new Map(),
    imported: new Map(),
    exported: new Map(),
  };
  for (const statement of statementsOf(text)) {
    const code = statement.replace(/^(\/\*[^]*?\*\/\s*|\/\/.*\n)*/, "");
    const clause = CLAUSE.exec(code);
    const name = DECLARATION.exec(code)?.[1];
    if (clause !== null) {
      const [, word, allTypes, braces, from] = clause;
      const names = word === "import" ? found.imported : found.exported;
      for (const [local, name, typeOnly] of namesOf(braces))
        names.set(local, {
          file: join(dirname(file), from),
          name,
          typeOnly: typeOnly || allTypes !== undefined,
        });
    } else if (name !== undefined) {
      const own = statement.replace(/^export /m, "");
      const overload = found.declarations.get(name);
      found.declarations.set(name, overload === undefined ? own : `${overload}\n${own}`);
    } else if (!LOCAL_EXPORT.test(code)) {
      throw new Error(`build: expected an import, an export or a declaration, got ${code}`);
    }
  }
  return found;
}

/** The statements of a file, each with the comments before it. */
function statementsOf(text: string): string[] {
  const statements: string[][] = [[]];
  let open = false; // whether a statement has begun, so that what begins next is another one
  for (const line of text.split("\n")) {
    const continues = /^([\s})\]]|$)/.test(line);
    if (!continues && open) statements.push([]);
    if (!continues) open = !/^\/[/*]/.test(line);
    statements.at(-1)!.push(line);
  }
  return statements.map((lines) => lines.join("\n").trimEnd()).filter((each) => each !== "");
}

/** The names of a clause as the file calls them, each with its name at the source. */
function namesOf(braces: string): [local: string, name: string, typeOnly: boolean][] {
  return braces
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .map((each) => {
      const [name, local = name] = each.replace(/^type /, "").split(" as ");
      return [local, name, each.startsWith("type ")];
    });
}
