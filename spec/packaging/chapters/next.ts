// An application of Next, built by both of its compilers: a page that runs the program in the
// browser, and one that runs it on the server while it is built.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertOneThread, assertThreads } from "../answers.ts";
import { browser, report } from "../chromium.ts";
import { here, project, run } from "../packed.ts";

const LAYOUT = `
  export default function Layout({ children }) {
    return <html lang="en"><body>{children}</body></html>;
  }
`;
const PAGE = `
  "use client";
  import { useEffect } from "react";
  import { run } from "../program.js";
  export default function Page() {
    useEffect(() => {
      const post = (answer) => fetch("/report", { method: "POST", body: JSON.stringify(answer) });
      run().then(post, (error) => post({ error: String(error.stack) }));
    }, []);
    return null;
  }
`;
const SERVER = `
  import { run } from "../../program.js";
  export default async function Server() {
    return <pre id="answer">{JSON.stringify(await run())}</pre>;
  }
`;

for (const compiler of ["turbopack", "webpack"]) {
  test(`Next, ${compiler}: threads on the server, one thread in the page`, async () => {
    const folder = project(`next-${compiler}`, {
      files: { "app/layout.jsx": LAYOUT, "app/page.jsx": PAGE, "app/server/page.jsx": SERVER },
    });
    cpSync(join(here, "next/node_modules"), join(folder, "node_modules"), { recursive: true });
    cpSync(join(here, "next/next.config.mjs"), join(folder, "next.config.mjs"));
    mkdirSync(join(folder, "public"));
    const next = join(folder, "node_modules/next/dist/bin/next");
    const env = { NEXT_TELEMETRY_DISABLED: "1" };
    const args = [next, "build", `--${compiler}`];
    const output = run(process.execPath, args, { cwd: folder, chatty: true, env });
    assert.doesNotMatch(output, /warn/i);
    const html = readFileSync(join(folder, "out/server.html"), "utf8");
    const [, answer] = /<pre id="answer">(.*?)<\/pre>/.exec(html)!;
    assertThreads(JSON.parse(answer.replaceAll("&quot;", '"')));
    if (browser) assertOneThread((await report(join(folder, "out"), "/")).body);
  });
}
