// Draws the pictures of README.md into this folder; part of `npm run docs`.

import { writeFileSync } from "node:fs";
import { drawPictures } from "./pictures.ts";

for (const [file, svg] of Object.entries(drawPictures()))
  writeFileSync(new URL(file, import.meta.url), svg);
