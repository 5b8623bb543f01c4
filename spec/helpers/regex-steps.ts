// Counts the steps that a backtracking engine takes for a regular expression, which shows whether
// the time grows linearly with the input. Seconds would not: they differ from run to run.
import { blankLiterals } from "./functions.ts";

/** The regular expressions written as literals in a source file. */
export function regexLiteralsOf(source: string): { text: string; line: number }[] {
  const code = blankLiterals(source);
  const literal = /\/((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([dgimsuvy]*)/y;
  const other = /\/\/[^\n]*|\/\*[^]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/y;
  const found: { text: string; line: number }[] = [];
  for (let i = 0; i < source.length; i++) {
    if (source[i] === code[i]) continue; // the content of literals and comments is blank in code
    other.lastIndex = literal.lastIndex = i;
    const match = other.exec(source) ?? literal.exec(source);
    if (match === null) continue;
    i += match[0].length - 1;
    if (source[match.index] === "/" && match[1] !== undefined)
      found.push({ text: match[0], line: source.slice(0, match.index).split("\n").length });
  }
  return found;
}

type Node =
  | { kind: "set"; test: (character: string) => boolean; source: string }
  | { kind: "edge"; source: string }
  | { kind: "look"; body: Node; ahead: boolean; negative: boolean }
  | { kind: "sequence"; parts: Node[] }
  | { kind: "choice"; options: Node[] }
  | { kind: "repeat"; body: Node; min: number; max: number; lazy: boolean };

const ESCAPE = String.raw`\\(?:u\{[^}]*\}|u[\da-f]{4}|x[\da-f]{2}|[pP]\{[^}]*\}|[^])`;
const ATOM = new RegExp(String.raw`${ESCAPE}|\[(?:\\[^]|[^\]\\])*\]|[^]`, "iuy");

/** A parser of the syntax that the sources use; it throws for any other. */
class Parser {
  readonly #source: string;
  readonly #flags: string;
  #at = 0;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags.replace(/[gy]/g, "");
  }

  parse(): Node {
    const node = this.#choice();
    if (this.#at < this.#source.length) throw new Error(`unread: ${this.#source.slice(this.#at)}`);
    return node;
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #choice(): Node {
    const options = [this.#sequence()];
    while (this.#take("|")) options.push(this.#sequence());
    return options.length === 1 ? options[0] : { kind: "choice", options };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#source.length && !"|)".includes(this.#source[this.#at]))
      parts.push(this.#quantified(this.#atom()));
    return { kind: "sequence", parts };
  }

  #atom(): Node {
    for (const [opening, ahead, negative] of [
      ["(?=", true, false],
      ["(?!", true, true],
      ["(?<=", false, false],
      ["(?<!", false, true],
    ] as const)
      if (this.#take(opening)) return { kind: "look", body: this.#group(), ahead, negative };
    if (this.#take("(?:") || this.#take("(")) return this.#group();
    for (const source of ["^", "$", "\\b", "\\B"])
      if (this.#take(source)) return { kind: "edge", source };
    ATOM.lastIndex = this.#at;
    const source = ATOM.exec(this.#source)![0];
    if (/^\\[1-9k]/.test(source)) throw new Error(`a back reference: ${source}`);
    this.#at += source.length;
    const regex = new RegExp(`^(?:${source})$`, this.#flags);
    const known = new Map<string, boolean>();
    const test = (character: string): boolean => {
      let answer = known.get(character);
      if (answer === undefined) known.set(character, (answer = regex.test(character)));
      return answer;
    };
    return { kind: "set", test, source };
  }

  #group(): Node {
    const node = this.#choice();
    if (!this.#take(")")) throw new Error("an open group");
    return node;
  }

  #quantified(body: Node): Node {
    const quantifier = /(?:[*+?]|\{(\d+)(,(\d*))?\})/y;
    quantifier.lastIndex = this.#at;
    const match = quantifier.exec(this.#source);
    if (match === null) return body;
    this.#at += match[0].length;
    const [text, low, comma, high] = match;
    const min = low === undefined ? (text === "+" ? 1 : 0) : Number(low);
    const most = comma === undefined ? min : high === "" ? Infinity : Number(high);
    const max = low === undefined ? (text === "?" ? 1 : Infinity) : most;
    return { kind: "repeat", body, min, max, lazy: this.#take("?") };
  }
}

const parsed = new Map<string, Node>();

/** The tree of an expression, parsed once. */
function treeOf({ source, flags }: { source: string; flags: string }): Node {
  const key = `/${source}/${flags}`;
  const tree = parsed.get(key) ?? new Parser(source, flags).parse();
  parsed.set(key, tree);
  return tree;
}

class TooManySteps extends Error {}

/** The number of steps after which countSteps stops. */
export const STEP_LIMIT = 300_000;

/** The steps of looking for the expression in `text`, as `test` or, with the flag g, `replace`. */
export function countSteps(
  regex: { source: string; flags: string },
  text: string,
  limit = STEP_LIMIT,
): number {
  const root = treeOf(regex);
  const characters = [...text];
  let steps = 0;
  const step = (): void => {
    if (++steps > limit) throw new TooManySteps();
  };
  const isWord = (i: number): boolean => /^\w$/.test(characters[i] ?? "");
  const edge = (source: string, at: number): boolean => {
    if (source === "^" || source === "$") {
      const isEnd = source === "^" ? at === 0 : at === characters.length;
      const neighbor = source === "^" ? characters[at - 1] : characters[at];
      return isEnd || (regex.flags.includes("m") && neighbor === "\n");
    }
    return (isWord(at - 1) !== isWord(at)) === (source === "\\b");
  };
  const run = (node: Node, at: number, next: (at: number) => boolean): boolean => {
    step();
    switch (node.kind) {
      case "set":
        return at < characters.length && node.test(characters[at]) && next(at + 1);
      case "edge":
        return edge(node.source, at) && next(at);
      case "look": {
        const starts = node.ahead
          ? [at]
          : Array.from({ length: Math.min(at, 3) + 1 }, (_, k) => at - k);
        const matches = starts.some((from) =>
          run(node.body, from, (end) => node.ahead || end === at),
        );
        return matches !== node.negative && next(at);
      }
      case "choice":
        return node.options.some((option) => run(option, at, next));
      case "sequence":
        return runParts(node.parts, 0, at, next);
      case "repeat":
        return runRepeat(node, at, 0, next);
    }
  };
  const runParts = (
    parts: Node[],
    i: number,
    at: number,
    next: (at: number) => boolean,
  ): boolean =>
    i === parts.length ? next(at) : run(parts[i], at, (end) => runParts(parts, i + 1, end, next));
  type Repeat = Node & { kind: "repeat" };
  type Next = (at: number) => boolean;
  const more = (node: Repeat, at: number, count: number, next: Next): boolean =>
    count < node.max &&
    run(
      node.body,
      at,
      (end) => (end > at || count < node.min) && runRepeat(node, end, count + 1, next),
    );
  const runRepeat = (node: Repeat, at: number, count: number, next: Next): boolean => {
    step();
    const mayStop = count >= node.min;
    return node.lazy
      ? (mayStop && next(at)) || more(node, at, count, next)
      : more(node, at, count, next) || (mayStop && next(at));
  };
  try {
    for (let from = 0; from <= characters.length; ) {
      let end = -1;
      const found = run(root, from, (at) => {
        end = at;
        return true;
      });
      if (found && !regex.flags.includes("g")) break;
      if (regex.flags.includes("y") && !found) break;
      from = found && end > from ? end : from + 1;
    }
  } catch (error) {
    // a stack overflow is the end of a deep search, too
    if (!(error instanceof TooManySteps || error instanceof RangeError)) throw error;
    return STEP_LIMIT;
  }
  return steps;
}

/** Texts that make an expression backtrack: a part that matches, a long repetition, a misfit. */
export function attacks(regex: { source: string; flags: string }, length: number): string[] {
  const root = treeOf(regex);
  const pool = [
    "1",
    "a",
    "T",
    "e",
    "0",
    ".",
    ",",
    "-",
    "+",
    " ",
    "\t",
    "\n",
    "\r",
    "#",
    '"',
    "'",
    "/",
  ];
  pool.push("\\", ":", "=", "_", "x", "d", "m", "p", "<", "█", "é", "·");
  pool.push("\u00a0", "\u202e", "\0");
  const sets: ((character: string) => boolean)[] = [];
  const collect = (node: Node): void => {
    if (node.kind === "set") sets.push(node.test);
    if (node.kind === "look" || node.kind === "repeat") collect(node.body);
    if (node.kind === "sequence") node.parts.forEach(collect);
    if (node.kind === "choice") node.options.forEach(collect);
  };
  collect(root);
  const samples = new Set(sets.flatMap((test) => pool.filter(test).slice(0, 2)));
  const shortest = shortestMatch(root, pool);
  const prefixes = Array.from({ length: shortest.length + 1 }, (_, k) => shortest.slice(0, k));
  const pumps = [...samples].flatMap((a) => [a, ...[...samples].slice(0, 4).map((b) => a + b)]);
  return [...new Set(prefixes.slice(0, 12))].flatMap((prefix) =>
    [...new Set(pumps)].flatMap((pump) =>
      ["", "\u0001"].map((misfit) => prefix + pump.repeat(length) + misfit),
    ),
  );
}

function shortestMatch(node: Node, pool: readonly string[]): string {
  switch (node.kind) {
    case "set":
      return pool.find(node.test) ?? (node.source.length === 1 ? node.source : "");
    case "sequence":
      return node.parts.map((part) => shortestMatch(part, pool)).join("");
    case "choice":
      return shortestMatch(node.options[0], pool);
    case "repeat":
      return shortestMatch(node.body, pool).repeat(node.min);
    default:
      return "";
  }
}
