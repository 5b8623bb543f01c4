// The page: three tabs, of which one is shown, and the address that says which and how it is set.

import { startDigitsTab } from "./digits-tab.ts";
import { byId } from "./dom.ts";
import { startMathematicsTab } from "./mathematics-tab.ts";
import { startPlaneTab } from "./plane-tab.ts";
import { parseHash, type Settings, serializeHash, TABS, type Tab } from "./settings.ts";

type Shown<T extends Tab> = { show: (settings: Settings[T]) => void; pause: () => void };

// as each tab was last set
const links: Record<Tab, string> = {
  plane: "#plane",
  digits: "#digits",
  mathematics: "#mathematics",
};
let current: Tab | undefined;

function remember<T extends Tab>(tab: T): (settings: Settings[T]) => void {
  return (settings) => {
    links[tab] = serializeHash(tab, settings);
    if (tab === current) history.replaceState(null, "", links[tab]);
  };
}

const panels: { [T in Tab]: Shown<T> } = {
  plane: startPlaneTab(remember("plane")),
  digits: startDigitsTab(remember("digits")),
  mathematics: startMathematicsTab(remember("mathematics")),
};
const tabButtons = TABS.map((tab) => byId(`tab-${tab}`, HTMLButtonElement));

/** Shows what the address says. */
function follow(): void {
  const { tab, settings } = parseHash(location.hash);
  links[tab] = serializeHash(tab, settings as Settings[typeof tab]);
  const previous = current;
  current = tab;
  if (previous !== undefined && previous !== tab) panels[previous].pause();
  for (const [i, name] of TABS.entries()) {
    const selected = name === tab;
    tabButtons[i].setAttribute("aria-selected", String(selected));
    tabButtons[i].tabIndex = selected ? 0 : -1;
    byId(`panel-${name}`, HTMLElement).hidden = !selected;
  }
  (panels[tab] as Shown<Tab>).show(settings as Settings[typeof tab]);
}

function open(tab: Tab): void {
  if (tab === current) return;
  history.pushState(null, "", links[tab]);
  follow();
}

for (const [i, button] of tabButtons.entries()) {
  button.addEventListener("click", () => open(TABS[i]));
  button.addEventListener("keydown", ({ key }) => {
    const steps: Record<string, number> = {
      ArrowRight: i + 1,
      ArrowLeft: i - 1 + TABS.length,
      Home: 0,
      End: TABS.length - 1,
    };
    if (!Object.hasOwn(steps, key)) return;
    const next = steps[key] % TABS.length;
    open(TABS[next]);
    tabButtons[next].focus();
  });
}
addEventListener("popstate", follow); // also when the address is edited by hand
follow();
