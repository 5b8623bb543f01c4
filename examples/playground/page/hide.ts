// Parts of the page that a link hides, for teachers who want to show one thing at a time:
// &hide=optimizer.reg.net hides two controls and the drawing of the net.

import { byId } from "./dom.ts";

/** Hides the parts and controls that the setting names in `panel`, and shows all others. */
export function hideParts(panel: HTMLElement, setting: string): void {
  const names = new Set(setting.split("."));
  const page = byId("page", HTMLElement);
  for (const part of [
    ...page.querySelectorAll<HTMLElement>("header [data-part]"),
    ...panel.querySelectorAll<HTMLElement>("[data-part]"),
  ])
    part.classList.toggle("left-out", names.has(part.dataset.part!));
  for (const control of panel.querySelectorAll<HTMLElement>("form [name]")) {
    const box = control.closest("label, .csv, .thumbnails, .field") ?? control;
    const name = control.getAttribute("name")!;
    if (box.tagName === "LABEL" && control.getAttribute("type") === "radio")
      box.parentElement!.classList.toggle("left-out", names.has(name));
    else box.classList.toggle("left-out", names.has(name));
  }
}
