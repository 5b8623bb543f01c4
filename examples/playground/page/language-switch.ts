// The choice of the page's language in its header.

import { byId } from "./dom.ts";
import {
  currentLanguage,
  type Key,
  LANGUAGES,
  onLanguageChange,
  setLanguage,
  translatePage,
} from "./text/text.ts";

/** Translates the page and lists the languages, each under its own name. */
export function startLanguages(): void {
  const select = byId("language", HTMLSelectElement);
  const own: Key = "language.name";
  select.replaceChildren(
    ...Object.entries(LANGUAGES).map(([name, texts]) => new Option(texts[own], name)),
  );
  select.value = currentLanguage();
  select.addEventListener("change", () => setLanguage(select.value));
  onLanguageChange(translatePage);
  translatePage();
}
