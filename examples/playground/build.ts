// `npm run site`: writes the playground as a folder of files that any static host can serve, below
// any path. The folder is `site/` or the one that the command line names.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { en } from "./page/text/en.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const SITE = here("../../site");

const TWOLAYER = here("../../lib/index.ts");
const TARGET = ["es2022", "chrome111", "firefox113", "safari16.4"];

export type SiteFile = { name: string; bytes: number; compressed: number };

/**
 * Writes the site into `folder`, which is emptied first; returns its files with their sizes.
 * `twolayer` is the file that the page's imports of the library mean.
 */
export async function buildSite(folder: string, twolayer = TWOLAYER): Promise<SiteFile[]> {
  const files: Record<string, string> = {
    "index.html": withWords(readFileSync(here("index.html"), "utf8")),
    "main.js": await bundle("page/main.ts", { alias: { twolayer } }),
    "style.css": await bundle("style.css"),
    "icon.svg": readFileSync(here("icon.svg"), "utf8"),
    "digits.csv": readFileSync(here("../digits/digits.csv"), "utf8"),
  };
  files["worker.js"] = await bundle("page/service-worker.ts", {
    define: {
      FILES: JSON.stringify(["./", ...Object.keys(files)]),
      VERSION: JSON.stringify(versionOf(files)),
    },
  });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return Object.entries(files).map(([name, text]) => ({
    name,
    bytes: Buffer.byteLength(text),
    compressed: gzipSync(text, { level: 9 }).length,
  }));
}

type BundleOptions = { alias?: Record<string, string>; define?: Record<string, string> };

/** One minified file from a script or style sheet and all it imports. */
async function bundle(path: string, options: BundleOptions = {}): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [here(path)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: TARGET,
    logLevel: "warning",
    ...options,
  });
  return outputFiles[0].text;
}

/** The page with its English words, which a reader without scripts sees too. */
function withWords(html: string): string {
  return html
    .replace(/(data-text="([\w.]+)">)(?=<)/g, (_, start: string, key: keyof typeof en) => {
      const words = en[key].replaceAll("&", "&amp;").replaceAll("<", "&lt;");
      return start + words;
    })
    .replace(/data-label="([\w.]+)"/g, (all: string, key: keyof typeof en) => {
      const words = en[key].replaceAll("&", "&amp;").replaceAll('"', "&quot;");
      return `${all} aria-label="${words}"`;
    });
}

function versionOf(files: Record<string, string>): string {
  const hash = createHash("sha256");
  for (const text of Object.values(files)) hash.update(text);
  return hash.digest("hex").slice(0, 12);
}

async function main(): Promise<void> {
  const folder = resolve(process.argv[2] ?? SITE);
  const files = await buildSite(folder);
  for (const { name, bytes, compressed } of files)
    console.log(`${name.padEnd(12)} ${String(bytes).padStart(8)} bytes ${compressed} compressed`);
  const total = files.reduce((sum, { compressed }) => sum + compressed, 0);
  console.log(`${folder}: ${files.length} files, ${total} bytes compressed`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
