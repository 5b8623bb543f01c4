// The words of the page in the reader's language. A language is one file with the same keys as
// en.ts, listed in LANGUAGES.

import { en } from "./en.ts";
import { zhTW } from "./zh-TW.ts";

export type Key = keyof typeof en;
export type Texts = Record<Key, string>;

export const LANGUAGES: Record<string, Texts> = { en, "zh-TW": zhTW };

const STORED = "twolayer-language";
const listeners: (() => void)[] = [];
let language = initialLanguage();
let numbers = new Intl.NumberFormat(language);

/** The text of a key, with the values in place of the names in braces. */
export function text(key: Key, values: Record<string, string | number> = {}): string {
  return LANGUAGES[language][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}

/** A number with the separators of the language. */
export function count(value: number): string {
  return numbers.format(value);
}

export function currentLanguage(): string {
  return language;
}

export function setLanguage(name: string): void {
  language = name;
  numbers = new Intl.NumberFormat(language);
  try {
    localStorage.setItem(STORED, name);
  } catch {
    // a browser that stores nothing asks again next time
  }
  for (const use of listeners) use();
}

/** Calls `use` whenever the reader chooses a language. */
export function onLanguageChange(use: () => void): void {
  listeners.push(use);
}

/** Writes the words of every element that names a key; English stands there before. */
export function translatePage(): void {
  document.documentElement.lang = language;
  document.title = text("title");
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]"))
    element.textContent = text(element.dataset.text as Key);
  for (const element of document.querySelectorAll<HTMLElement>("[data-label]"))
    element.setAttribute("aria-label", text(element.dataset.label as Key));
}

/** The language chosen before, else the browser's first one that is there, else English. */
function initialLanguage(): string {
  let wanted: readonly string[] = [];
  try {
    wanted = [localStorage.getItem(STORED) ?? "", ...navigator.languages];
  } catch {
    // no browser, or one without storage: English
  }
  for (const name of wanted) {
    const found = Object.keys(LANGUAGES).find(
      (known) => name !== "" && known.split("-")[0] === name.split("-")[0],
    );
    if (found !== undefined) return found;
  }
  return "en";
}
