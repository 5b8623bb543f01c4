// `npm run docs`: writes docs/api/*.md and docs/cli.md, and draws the pictures of README.md.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawPictures } from "../../examples/pictures/pictures.ts";
import { ROOT } from "./declarations.ts";
import { generatedPages } from "./pages.ts";

function help(args: readonly string[]): string {
  const command = ["--import", "tsx", join(ROOT, "lib", "cli", "main.ts"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`twolayer ${args.join(" ")}: ${stderr}`);
  return stdout;
}

for (const [path, text] of generatedPages(help)) writeFileSync(join(ROOT, path), text);
for (const [file, svg] of Object.entries(drawPictures()))
  writeFileSync(join(ROOT, "examples", "pictures", file), svg);
