// An application of Next, built by both of its compilers: a page that runs the program in the
// browser, and one that runs it on the server while it is built; and a route of the edge runtime.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
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

const ROUTE = `
  import { run } from "../../program.js";
  export const runtime = "edge";
  export const GET = async () => Response.json(await run());
`;
const env = { NEXT_TELEMETRY_DISABLED: "1" };

/** A project with Next in it, and the path of its command. */
function application(name: string, files: { [path: string]: string }): [string, string] {
  const folder = project(name, { files: { "app/layout.jsx": LAYOUT, ...files } });
  cpSync(join(here, "next/node_modules"), join(folder, "node_modules"), { recursive: true });
  mkdirSync(join(folder, "public"));
  return [folder, join(folder, "node_modules/next/dist/bin/next")];
}

for (const compiler of ["turbopack", "webpack"]) {
  test(`Next, ${compiler}: threads on the server, one thread in the page`, async () => {
    const files = { "app/page.jsx": PAGE, "app/server/page.jsx": SERVER };
    const [folder, next] = application(`next-${compiler}`, files);
    cpSync(join(here, "next/next.config.mjs"), join(folder, "next.config.mjs"));
    const args = [next, "build", `--${compiler}`];
    const output = run(process.execPath, args, { cwd: folder, chatty: true, env });
    assert.doesNotMatch(output, /warn/i);
    const html = readFileSync(join(folder, "out/server.html"), "utf8");
    const [, answer] = /<pre id="answer">(.*?)<\/pre>/.exec(html)!;
    assertThreads(JSON.parse(answer.replaceAll("&quot;", '"')));
    if (browser) assertOneThread((await report(join(folder, "out"), "/")).body);
  });
}

/** The address that a server of Next prints when it is ready. */
async function addressOf(server: ChildProcess): Promise<string> {
  let printed = "";
  for await (const text of server.stdout!.setEncoding("utf8")) {
    printed += text;
    const [, address] = /(http:\/\/localhost:\d+)[^]*Ready/.exec(printed) ?? [];
    if (address) return address;
  }
  throw new Error(`next start has ended:\n${printed}`);
}

// With webpack, Next 16.4 builds no route of the edge runtime, whatever it imports: it misses
// route_client-reference-manifest.js.
test("Next, turbopack: one thread in a route of the edge runtime", async () => {
  const config = "export default { turbopack: { root: import.meta.dirname } };";
  const files = { "app/edge/route.js": ROUTE, "next.config.mjs": config };
  const [folder, next] = application("next-edge", files);
  run(process.execPath, [next, "build", "--turbopack"], { cwd: folder, chatty: true, env });
  const server = spawn(process.execPath, [next, "start", "--port", "0"], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const response = await fetch(`${await addressOf(server)}/edge`);
    assertOneThread((await response.json()) as Parameters<typeof assertOneThread>[0]);
  } finally {
    server.kill();
    if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
  }
});
