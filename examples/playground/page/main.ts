// The page: three tabs, of which one is shown, and the address that says which and how it is set.

import { DigitsTab } from "./digits/tab.ts";
import { byId } from "./dom.ts";
import { hideParts } from "./hide.ts";
import { startLanguages } from "./language-switch.ts";
import { MathematicsTab } from "./mathematics/tab.ts";
import { PlaneTab } from "./plane/tab.ts";
import { parseHash, type Settings, serializeHash, TABS, type Tab } from "./settings.ts";

type Shown<T extends Tab> = { show: (settings: Settings[T]) => void; pause: () => void };

class Page {
  // as each tab was last set
  readonly #links: Record<Tab, string> = {
    plane: "#plane",
    digits: "#digits",
    mathematics: "#mathematics",
  };
  readonly #panels: { [T in Tab]: Shown<T> } = {
    plane: new PlaneTab((settings) => this.#remember("plane", settings)),
    digits: new DigitsTab((settings) => this.#remember("digits", settings)),
    mathematics: new MathematicsTab((settings) => this.#remember("mathematics", settings)),
  };
  readonly #tabs = TABS.map((tab) => byId(`tab-${tab}`, HTMLButtonElement));
  #current: Tab | undefined;

  constructor() {
    for (const [i, button] of this.#tabs.entries()) {
      button.addEventListener("click", () => this.#open(TABS[i]));
      button.addEventListener("keydown", ({ key }) => this.#moveTo(key, i));
    }
    addEventListener("popstate", () => this.follow()); // also when the address is edited by hand
  }

  /** Shows what the address says. */
  follow(): void {
    const { tab, settings } = parseHash(location.hash);
    this.#links[tab] = serializeHash(tab, settings as Settings[typeof tab]);
    const previous = this.#current;
    this.#current = tab;
    if (previous !== undefined && previous !== tab) this.#panels[previous].pause();
    for (const [i, name] of TABS.entries()) {
      const selected = name === tab;
      this.#tabs[i].setAttribute("aria-selected", String(selected));
      this.#tabs[i].tabIndex = selected ? 0 : -1;
      byId(`panel-${name}`, HTMLElement).hidden = !selected;
    }
    hideParts(byId(`panel-${tab}`, HTMLElement), settings.hide);
    (this.#panels[tab] as Shown<Tab>).show(settings as Settings[typeof tab]);
  }

  #remember<T extends Tab>(tab: T, settings: Settings[T]): void {
    this.#links[tab] = serializeHash(tab, settings);
    if (tab === this.#current) history.replaceState(null, "", this.#links[tab]);
  }

  #open(tab: Tab): void {
    if (tab === this.#current) return;
    history.pushState(null, "", this.#links[tab]);
    this.follow();
  }

  #moveTo(key: string, from: number): void {
    const targets: Record<string, number> = {
      ArrowRight: from + 1,
      ArrowLeft: from - 1 + TABS.length,
      Home: 0,
      End: TABS.length - 1,
    };
    if (!Object.hasOwn(targets, key)) return;
    const next = targets[key] % TABS.length;
    this.#open(TABS[next]);
    this.#tabs[next].focus();
  }
}

startLanguages();
new Page().follow();
// The page also works offline after the first visit; over plain http from another host there are
// no service workers, and everything else works.
navigator.serviceWorker?.register("worker.js").catch(() => undefined);
