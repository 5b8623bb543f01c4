// The pages of the documentation as tests read them: README.md, the written pages of docs/, and the
// generated ones as they would be now, whether or not `npm run docs` has been run since.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { cliPage } from "../../docs/build/cli-page.ts";
import { generatedPages } from "../../docs/build/pages.ts";
import { runCli } from "../helpers/cli.ts";
import { ROOT } from "../helpers/sources.ts";

export type Page = { path: string; text: string };
/** A fenced block: its page, the number of its first line, its language and its text. */
export type Block = { path: string; line: number; language: string; code: string };

const unix = (text: string): string => text.replaceAll("\r\n", "\n");

export const readPage = (path: string): Page => ({
  path,
  text: unix(readFileSync(join(ROOT, path), "utf8")),
});

const isGenerated = (path: string): boolean => /^docs\/(api\/|cli\.md$)/.test(path);

/** README.md and the pages of docs/ that are written by hand. */
export function writtenPages(): Page[] {
  const docs = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .map((file) => `docs/${file.split(sep).join("/")}`)
    .filter((path) => path.endsWith(".md") && !isGenerated(path));
  return ["README.md", ...docs.sort()].map(readPage);
}

function help(args: readonly string[]): string {
  const { status, stdout, stderr } = runCli(ROOT, args);
  assert.equal(status, 0, stderr);
  return stdout;
}

/** docs/cli.md as `npm run docs` would write it now. */
export const madeCliPage = (): Page => ({ path: "docs/cli.md", text: cliPage(help) });

let made: Page[] | undefined;

/** The pages that `npm run docs` would write now. */
export function madePages(): Page[] {
  made ??= Array.from(generatedPages(help), ([path, text]) => ({ path, text }));
  return made;
}

/** The fenced blocks of a page in these languages. */
export function blocksOf({ path, text }: Page, languages: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  unix(text)
    .split("\n")
    .forEach((line, i) => {
      if (open === undefined) {
        const fence = /^```(\w+)$/.exec(line);
        if (fence !== null) open = { path, line: i + 2, language: fence[1], code: "" };
      } else if (line === "```") {
        blocks.push(open);
        open = undefined;
      } else {
        open.code += `${line}\n`;
      }
    });
  assert.equal(open, undefined, `${path}:${open?.line}: the block does not end`);
  return blocks.filter(({ language }) => languages.includes(language));
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf({ text }: Page): string[] {
  const prose = unix(text).replaceAll(/^```[^]*?^```$/gm, "");
  const seen = new Map<string, number>();
  return Array.from(prose.matchAll(/^#+ (.+)$/gm), ([, title]) => {
    const anchor = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}
