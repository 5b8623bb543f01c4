// The pages that are made and not written: docs/api/*.md from the docstrings, docs/cli.md from the
// command line's own help.
import { readApi } from "./api.ts";
import { apiMarkdown } from "./api-markdown.ts";
import { cliPage, type RunHelp } from "./cli-page.ts";

/** The generated pages: path below the repository's root to text. */
export function generatedPages(help: RunHelp): Map<string, string> {
  const api = readApi();
  const pages = new Map(
    api.pages.map((page) => [`docs/api/${page.subpath}.md`, apiMarkdown(page, api)]),
  );
  return pages.set("docs/cli.md", cliPage(help));
}
