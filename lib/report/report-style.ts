// The style sheet of report pages.

import { themeCss } from "./palette.ts";
import { FONT } from "./svg.ts";

export const REPORT_CSS = `${themeCss(":root")}
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{overflow-wrap:anywhere;margin:0 auto;max-width:1200px;padding:24px 16px 48px;
background:var(--tl-surface);color:var(--tl-ink);font:16px/1.5 ${FONT}}
h1,ul,dl,dd,pre{margin:0}
h1,.tiles b{font-size:28px;line-height:1.2}
h2{margin:40px 0 12px;font-size:19px}
p{margin:8px 0;max-width:75ch}
ul{padding:0;list-style:none}
li{font-size:14px;line-height:1.35}
.tiles{display:flex;flex-wrap:wrap;gap:12px;margin-top:20px}
.tiles li{flex:0 1 176px;padding:10px 14px}
.tiles b{display:block;color:var(--tl-ink)}
.tiles li,pre{border:1px solid var(--tl-grid);border-radius:8px}
.quiet,dt,th,.tiles li{color:var(--tl-muted)}
.tiles b,dd,table{font-variant-numeric:tabular-nums}
@media(max-width:480px){.tiles{gap:8px}
.tiles li{flex:1 1 30%;min-width:100px;padding:8px 10px;font-size:13px}.tiles b{font-size:22px}}
.pair,dl,.mistakes{display:grid}
.pair{grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));
gap:8px 24px;align-items:start}
.pair h2{margin-top:24px}
.pair svg.tl{width:100%;max-width:600px}
dl{grid-template-columns:fit-content(45%) minmax(0,1fr);gap:4px 20px}
.scroll{overflow-x:auto}
.scroll:focus-visible{outline:3px solid var(--tl-series0);outline-offset:2px}
table{border-collapse:collapse}
th,td{padding:4px 12px 4px 0;text-align:right;border-bottom:1px solid var(--tl-grid);
white-space:nowrap;font-weight:400;max-width:30ch;overflow:hidden;text-overflow:ellipsis}
.text{text-align:left}
.mistakes{grid-template-columns:repeat(auto-fill,minmax(132px,1fr));gap:16px 12px}
.mistakes img{display:block;object-fit:contain;object-position:left;image-rendering:pixelated;
margin-bottom:4px}
pre{padding:12px 16px;font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;
white-space:pre-wrap}
@media print{body{max-width:none;padding:0}h2,p:has(+ *){break-after:avoid}
h2,svg,li,tr{break-inside:avoid}.scroll{overflow:visible}}
`;
