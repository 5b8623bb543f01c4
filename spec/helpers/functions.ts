// Finds the functions of a source file and measures them: name, lines, positional parameters. The
// sources are in the formatter's canonical form, so that a scanner of brackets suffices.

export type FunctionSize = { name: string; line: number; lines: number; parameters: number };

const CONTROL = new Set(["if", "for", "while", "switch", "catch", "return", "typeof"]);
const OPENING = "([{";
const CLOSING = ")]}";

/** The functions, methods and arrow functions of the text, in their order. */
export function functionsOf(source: string): FunctionSize[] {
  const code = blankLiterals(source);
  const partner = matchBrackets(code);
  const lineOf = (index: number): number => code.slice(0, index).split("\n").length;
  const found: FunctionSize[] = [];
  const returnTypes = new Set<number>(); // where parentheses belong to a return type
  for (const [open, close] of [...partner].sort(([a], [b]) => a - b)) {
    if (code[open] !== "(" || returnTypes.has(open)) continue;
    const { end, returnTypeEnd } = bodyOf(code, partner, open, close);
    if (end === undefined) continue;
    for (let at = close; at < returnTypeEnd; at++) returnTypes.add(at);
    const line = lineOf(open);
    found.push({
      name: nameBefore(code, open),
      line,
      lines: lineOf(end) - line + 1,
      parameters: countParameters(code, partner, open, close),
    });
  }
  return found;
}

/**
 * The text with the content of strings, templates, regular expressions and comments replaced by
 * spaces; line breaks and the code inside `${}` stay.
 */
export function blankLiterals(source: string): string {
  const blank = (text: string): string => text.replace(/[^\n]/g, " ");
  const kinds = [
    /\/\/[^\n]*|\/\*[^]*?\*\//, // comments
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/, // strings
    /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*/, // regular expressions
    /[`{}]/,
  ];
  const token = new RegExp(kinds.map(({ source: kind }) => kind).join("|"), "g");
  const template = /(?:\\[^]|\$(?!\{)|[^`\\$])*(`|\$\{)/y;
  let code = "";
  let at = 0;
  // whether each brace that is open began inside a template
  const braces: boolean[] = [];
  const skipTemplate = (from: number): void => {
    template.lastIndex = from;
    const [text, end] = template.exec(source) ?? ["", "`"];
    code += blank(text.slice(0, text.length - end.length)) + (end === "`" ? " " : " (");
    if (end !== "`") braces.push(true);
    at = from + text.length;
  };
  for (let match = token.exec(source); match !== null; match = token.exec(source)) {
    const [text] = match;
    const before = code.slice(-40) + source.slice(at, match.index);
    code += source.slice(at, match.index);
    at = match.index + text.length;
    if (text === "`") {
      code += " ";
      skipTemplate(at);
    } else if (text === "{") {
      braces.push(false);
      code += text;
    } else if (text === "}") {
      const inTemplate = braces.pop() === true;
      code += inTemplate ? ")" : text;
      if (inTemplate) skipTemplate(at);
    } else if (
      /^\/[^/*]/.test(text) &&
      /[\w$)\]]\s*$/.test(before) &&
      !/\breturn\s*$/.test(before)
    ) {
      // a division: only its first character is read
      code += "/";
      at = match.index + 1;
    } else {
      code += blank(text);
    }
    token.lastIndex = at;
  }
  return code + source.slice(at);
}

/** The index of each closing bracket by that of its opening one. */
function matchBrackets(code: string): Map<number, number> {
  const partner = new Map<number, number>();
  const open: number[] = [];
  for (let i = 0; i < code.length; i++) {
    if (OPENING.includes(code[i])) open.push(i);
    else if (CLOSING.includes(code[i])) {
      const start = open.pop();
      if (start === undefined || OPENING.indexOf(code[start]) !== CLOSING.indexOf(code[i]))
        throw new Error(`unmatched ${code[i]} in line ${code.slice(0, i).split("\n").length}`);
      partner.set(start, i);
    }
  }
  return partner;
}

/**
 * Where the function whose parameters stand in these parentheses ends; an undefined `end` when they
 * are no parameters, or those of a type or an overload.
 */
function bodyOf(
  code: string,
  partner: Map<number, number>,
  open: number,
  close: number,
): { end: number | undefined; returnTypeEnd: number } {
  const word = /([\w$]+)\s*(?:<[^()\n;]*>)?$/.exec(code.slice(Math.max(0, open - 80), open))?.[1];
  const hasType = code[close + 1] === ":" && !/\bcase\s[^\n]*$/.test(code.slice(0, open));
  const returnTypeEnd = hasType ? typeEnd(code, partner, close + 2) : close + 1;
  const opening = /\s*(=>|\{)/y;
  opening.lastIndex = returnTypeEnd;
  const opened = opening.exec(code)?.[1];
  if (opened === "=>") return { end: arrowEnd(code, partner, opening.lastIndex), returnTypeEnd };
  if (opened === undefined || word === undefined || CONTROL.has(word))
    return { end: undefined, returnTypeEnd };
  return { end: partner.get(opening.lastIndex - 1), returnTypeEnd };
}

/** Where the type that begins at `at` ends: before the body's brace, an arrow or a separator. */
function typeEnd(code: string, partner: Map<number, number>, at: number): number {
  const start = at;
  let angles = 0;
  for (; at < code.length; at++) {
    const before = code.slice(start, at).trimEnd();
    if (code[at] === "{" && /[\w$>\])}]$/.test(before) && !/\b(extends|keyof|is)$/.test(before))
      return at;
    // a function type: its arrow belongs to the type
    if (code.startsWith("=>", at) && !before.endsWith(")")) return at;
    if (code.startsWith("=>", at)) at++;
    else if (code[at] === "<") angles++;
    else if (code[at] === ">") angles--;
    else if (angles === 0 && ";,=)".includes(code[at])) return at;
    else if (partner.has(at)) at = partner.get(at)!;
  }
  return at;
}

/** The end of an arrow function's body, a block or an expression. */
function arrowEnd(code: string, partner: Map<number, number>, at: number): number {
  const block = /\s*\{/y;
  block.lastIndex = at;
  if (block.exec(code) !== null) return partner.get(block.lastIndex - 1)!;
  while (at < code.length && !";,)]}".includes(code[at])) at = (partner.get(at) ?? at) + 1;
  return at - 1;
}

/** A function's own name, or that of what it is assigned or handed to. */
function nameBefore(code: string, open: number): string {
  const before = code.slice(Math.max(0, open - 400), open).replace(/\basync\s*(<[^()\n;]*>)?$/, "");
  const name =
    /([#\w$]+)\s*(?:<[^()\n;]*>)?\s*$/.exec(before)?.[1] ??
    /([#\w$]+)(?::[^;{}]*)?\s(?:=|:)\s*(?:<[^()\n;]*>)?$/.exec(before)?.[1] ??
    /([#\w$]+):\s*$/.exec(before)?.[1] ??
    /([#\w$.]+)\([^()]*$/.exec(before)?.[1];
  return name ?? "(anonymous)";
}

/** Counts the commas between parameters; one may follow the last. */
function countParameters(
  code: string,
  partner: Map<number, number>,
  open: number,
  close: number,
): number {
  if (code.slice(open + 1, close).trim() === "") return 0;
  let count = 1;
  let angles = 0;
  for (let at = open + 1; at < close; at++) {
    if (partner.has(at)) at = partner.get(at)!;
    else if (code[at] === "<") angles++;
    else if (code[at] === ">" && code[at - 1] !== "=") angles--;
    else if (code[at] === "," && angles === 0 && code.slice(at + 1, close).trim() !== "") count++;
  }
  return count;
}
