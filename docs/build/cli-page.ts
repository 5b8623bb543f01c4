// docs/cli.md: what `twolayer --help` and `twolayer COMMAND --help` print.

/** Runs `twolayer` with these arguments and returns what it prints on standard output. */
export type RunHelp = (args: readonly string[]) => string;

/** The names of the commands, from the overview that `twolayer --help` prints. */
export function commandNames(overview: string): string[] {
  const [, list] = /^Commands:\n((?: {2}\S.*\n)+)/m.exec(overview)!;
  return list
    .trimEnd()
    .split("\n")
    .map((line) => line.trim().split(" ")[0]);
}

/** The page: an introduction, the overview, and a section for each command. */
export function cliPage(help: RunHelp): string {
  const overview = help(["--help"]);
  const names = commandNames(overview);
  const block = (text: string): string => `\`\`\`text\n${text.trimEnd()}\n\`\`\``;
  const parts = [
    "# The command line",
    "Every command with all its options, as `twolayer COMMAND --help` prints them. In a project " +
      "that has the package installed, the command is `npx twolayer`. " +
      "[Train on your own table](tables.md) explains how to use it. `npm run docs` makes this " +
      "page.",
    names.map((name) => `[${name}](#${name})`).join(" · "),
    block(overview),
    ...names.flatMap((name) => [`## ${name}`, block(help([name, "--help"]))]),
  ];
  return `${parts.join("\n\n")}\n`;
}
