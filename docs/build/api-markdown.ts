// The API reference as Markdown: one page for each subpath of the package.
import type { Api, Item, Page } from "./api.ts";
import type { Export, Subpath } from "./declarations.ts";
import type { Entry } from "./docstrings.ts";

const PURPOSE: Record<Subpath, string> = {
  core: "matrices, nets, training, errors, random numbers and speed settings",
  data: "tables, images and labels to numbers, splits, and data sets made by rule",
  formats: "readers and writers of CSV, IDX, CIFAR-10, npy, npz, safetensors and ONNX files",
  model: "a net with its preprocessing, model files, checkpoints, and nets of other programs",
  report: "charts, pictures, tables and report pages",
  search: "trainings with many settings, on worker threads",
};

/** The anchor that GitHub gives a heading. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

// "type" keeps the anchors of `Configuration` and `configuration` apart.
const headingOf = ({ kind, name }: Entry): string =>
  kind === "class" || kind === "type" ? `${kind} \`${name}\`` : `\`${name}\``;
const fence = (language: string, code: string): string => `\`\`\`${language}\n${code}\n\`\`\``;

/** The page with its headings, links between pages, and every example as a program. */
export function apiMarkdown(page: Page, api: Api): string {
  const anchors = anchorsOf(page);
  const link = ({ name, entry }: Export): string => {
    const owner = api.ownerOf.get(name) ?? page.subpath;
    if (anchors.has(name)) return `[\`${name}\`](#${anchors.get(name)})`;
    const target = owner === page.subpath ? "" : `${owner}.md`;
    return `[\`${name}\`](${target}#${anchorOf(headingOf(entry))})`;
  };
  const parts = [
    `# twolayer/${page.subpath}`,
    `The reference of \`twolayer/${page.subpath}\`: ${PURPOSE[page.subpath]}. The root, ` +
      "`twolayer`, exports the same names.",
    "Shapes are (rows, columns): N samples, D inputs, H hidden units, C classes. An example " +
      "without imports takes its names from `twolayer`. What it prints stands behind or below " +
      "each `console.log`. `npm run docs` makes this page from the docstrings of the code.",
    page.sections
      .map(({ title, items }) => `- [${title}](#${anchorOf(title)}): ${items.map(link).join(" ")}`)
      .join("\n"),
  ];
  for (const { title, intro, items } of page.sections) {
    parts.push(`## ${title}`, intro);
    for (const item of items) parts.push(...itemMarkdown(item, page, api, link));
  }
  if (page.otherTypes.length > 0) {
    parts.push("## Other types");
    for (const type of page.otherTypes) parts.push(...typeMarkdown(type, page, api));
  }
  return `${parts.join("\n\n")}\n`;
}

function anchorsOf(page: Page): Map<string, string> {
  const items = page.sections.flatMap((section) => section.items);
  const shown = [...items, ...items.flatMap(({ types }) => types), ...page.otherTypes];
  return new Map(shown.map(({ name, entry }) => [name, anchorOf(headingOf(entry))]));
}

function itemMarkdown(item: Item, page: Page, api: Api, link: (item: Export) => string): string[] {
  const { entry, uses, types } = item;
  const parts = [`### ${headingOf(entry)}`];
  if (entry.kind !== "class") parts.push(fence("typescript", entry.code));
  if (entry.text !== "") parts.push(entry.text);
  if (uses.length > 0)
    parts.push(`Types: ${[...new Set([...uses, ...types].map(link))].join(" ")}`);
  parts.push(...entry.examples.map((example) => fence("ts", example)));
  parts.push(...membersMarkdown(entry));
  for (const type of types) parts.push(...typeMarkdown(type, page, api));
  return parts;
}

/** A static member is called `Matrix.zeros`, a member of an instance `matrix.add`. */
function memberName(owner: Entry, { name, isStatic }: Entry): string {
  if (name === "constructor") return `new ${owner.name}`;
  const instance = owner.name[0].toLowerCase() + owner.name.slice(1);
  return (isStatic ? owner.name : instance) + (name.startsWith("[") ? name : `.${name}`);
}

function membersMarkdown(owner: Entry): string[] {
  const titles = owner.members.map((member) => `\`${memberName(owner, member)}\``);
  const links = titles.map((title) => `[${title}](#${anchorOf(title)})`);
  const index = links.length > 6 ? [`Members: ${links.join(" ")}`] : [];
  return [
    ...index,
    ...owner.members.flatMap((member, i) => [
      `#### ${titles[i]}`,
      fence("typescript", member.code),
      ...(member.text === "" ? [] : [member.text]),
      ...member.examples.map((example) => fence("ts", example)),
    ]),
  ];
}

function typeMarkdown({ name, entry }: Export, page: Page, api: Api): string[] {
  const owner = api.ownerOf.get(name);
  const origin =
    owner === undefined || owner === page.subpath ? "" : `Exported by \`twolayer/${owner}\`.`;
  const text = [entry.text, origin].filter((part) => part !== "").join(" ");
  const parts = [`#### ${headingOf(entry)}`, ...(text === "" ? [] : [text])];
  if (entry.kind === "class") return [...parts, ...membersMarkdown(entry)];
  return [...parts, fence("typescript", entry.code)];
}
