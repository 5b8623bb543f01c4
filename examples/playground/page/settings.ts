// What can be set on each tab, and how a link spells it: #tab?name=value&name=value. Only values
// that differ from the initial ones are written, and an unreadable value is ignored, so that every
// link opens and old links stay short.

/** A setting: its initial value, its range, and the value of a text, undefined if it is not one. */
export type Field<T> = {
  initial: T;
  range?: { min: number; max: number; whole: boolean };
  parse: (text: string) => T | undefined;
};
type Fields = Record<string, Field<unknown>>;
export type ValuesOf<F> = { [K in keyof F]: F[K] extends Field<infer T> ? T : never };

export const CSV_LINK_LIMIT = 6000; // characters; mail and chat programs cut longer links

/** The inputs that the plane's net can have, in the order of its first layer. */
export const INPUT_NAMES = ["x", "y", "xx", "yy", "xy", "sinx", "siny"] as const;
export type InputName = (typeof INPUT_NAMES)[number];

/** Parts of the page that a link can hide, besides the single settings. */
export const HIDEABLE_PARTS = ["tabs", "intro", "net", "curves", "settings", "hash"] as const;

function integer(initial: number, min: number, max: number): Field<number> {
  const parse = (text: string): number | undefined => {
    const value = /^\d{1,16}$/.test(text.trim()) ? Number(text) : NaN;
    return Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined;
  };
  return { initial, range: { min, max, whole: true }, parse };
}

function decimal(initial: number, min: number, max: number): Field<number> {
  const parse = (text: string): number | undefined => {
    const value = text.trim() === "" ? NaN : Number(text);
    return value >= min && value <= max ? value : undefined;
  };
  return { initial, range: { min, max, whole: false }, parse };
}

function choice<const T extends string>(initial: T, ...others: T[]): Field<T> {
  const choices: readonly T[] = [initial, ...others];
  return { initial, parse: (text) => choices.find((name) => name === text) };
}

function flag(initial: boolean): Field<boolean> {
  return {
    initial,
    parse: (text) => (text === "true" ? true : text === "false" ? false : undefined),
  };
}

/** Names joined by dots, each of `names`; kept in their order. An empty list is a value or not. */
function list(initial: string, names: readonly string[], mayBeEmpty: boolean): Field<string> {
  const parse = (text: string): string | undefined => {
    const given = text === "" ? [] : text.split(".");
    if (!given.every((name) => names.includes(name))) return undefined;
    const kept = names.filter((name) => given.includes(name));
    return kept.length > 0 || mayBeEmpty ? kept.join(".") : undefined;
  };
  return { initial, parse };
}

const PLANE = {
  data: choice("moons", "circles", "spiral", "xor", "blobs", "csv"),
  points: integer(300, 20, 2000),
  noise: decimal(0.15, 0, 1),
  heldOut: integer(30, 10, 80),
  inputs: list("x.y", INPUT_NAMES, false),
  hidden: integer(16, 1, 64),
  optimizer: choice("momentum", "sgd", "nesterov", "adam"),
  rate: decimal(0.03, 1e-6, 100),
  reg: decimal(1e-4, 0, 10),
  batch: integer(32, 1, 2000),
  iterations: integer(3000, 1, 20_000),
  seed: integer(1, 0, Number.MAX_SAFE_INTEGER),
  speed: choice("4", "1", "16", "64", "most"),
  lines: flag(true),
  test: flag(true),
  background: choice("smooth", "hard"),
  csv: { initial: "", parse: (text: string) => text } as Field<string>,
};
const DIGITS = {
  hidden: integer(100, 1, 400),
  warp: flag(true),
  seed: integer(0, 0, Number.MAX_SAFE_INTEGER),
};
const MATHEMATICS = {
  precision: choice("float32", "float64"),
  reg: decimal(1e-6, 0, 10),
  iteration: integer(0, 0, 200),
};

const hide = (fields: object): Field<string> =>
  list("", [...HIDEABLE_PARTS, ...Object.keys(fields)], true);

export const FIELDS = {
  plane: { ...PLANE, hide: hide(PLANE) },
  digits: { ...DIGITS, hide: hide(DIGITS) },
  mathematics: { ...MATHEMATICS, hide: hide(MATHEMATICS) },
} as const;

export type Tab = keyof typeof FIELDS;
export type Settings = { [T in Tab]: ValuesOf<(typeof FIELDS)[T]> };
export const TABS = Object.keys(FIELDS) as Tab[];

/** Every setting of `tab` at its initial value. */
export function initialSettings<T extends Tab>(tab: T): Settings[T] {
  const fields: Fields = FIELDS[tab];
  return Object.fromEntries(
    Object.entries(fields).map(([name, { initial }]) => [name, initial]),
  ) as Settings[T];
}

/** The tab that a location's hash names, and its settings; the first tab when it names none. */
export function parseHash(hash: string): { tab: Tab; settings: Settings[Tab] } {
  const [name, query = ""] = hash.replace(/^#/, "").split(/\?(.*)/s, 2);
  const tab = TABS.find((known) => known === name) ?? "plane";
  const settings: Record<string, unknown> = initialSettings(tab);
  for (const [key, text] of new URLSearchParams(query)) {
    if (!Object.hasOwn(FIELDS[tab], key)) continue;
    const value = (FIELDS[tab] as Fields)[key].parse(text);
    if (value !== undefined) settings[key] = value;
  }
  return { tab, settings: settings as Settings[Tab] };
}

/** The hash that `parseHash` reads back as these settings, except for a CSV too long for a link. */
export function serializeHash<T extends Tab>(tab: T, settings: Settings[T]): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(settings)) {
    const { initial } = (FIELDS[tab] as Fields)[key];
    if (value !== initial && !(key === "csv" && String(value).length > CSV_LINK_LIMIT))
      query.set(key, String(value));
  }
  const text = query.toString();
  return text === "" ? `#${tab}` : `#${tab}?${text}`;
}
