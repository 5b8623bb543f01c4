// Pages in headless Chromium, from a server on the loopback address that takes their report.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { findChromium } from "../runtimes/chromium.ts";
import { scratch } from "./packed.ts";

const TYPES: { [extension: string]: string } = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".cjs": "text/javascript",
  ".css": "text/css",
  ".txt": "text/plain",
};
const LIMIT = 120_000; // milliseconds

export const browser = findChromium();

/**
 * What the page at a path of `folder` posts to /report, as JSON, and how many scripts were asked
 * for. Every answer of the server waits for `latency` milliseconds.
 */
export async function report(
  folder: string,
  path: string,
  latency = 0,
): Promise<{ body: any; scripts: number }> {
  let posted!: (body: unknown) => void;
  const body = new Promise<unknown>((resolve) => (posted = resolve));
  let scripts = 0;
  const server = createServer(async (request, response) => {
    if (request.method === "POST") {
      posted(JSON.parse(Buffer.concat(await request.toArray()).toString()));
      response.end();
      return;
    }
    const file = normalize(decodeURIComponent(request.url!.split("?")[0]));
    if (/\.c?js$/.test(file)) scripts++;
    await new Promise((resolve) => setTimeout(resolve, latency));
    try {
      const content = readFileSync(join(folder, file.endsWith("/") ? `${file}index.html` : file));
      const type = TYPES[extname(file) || ".html"] ?? "application/octet-stream";
      response.writeHead(200, { "Content-Type": type }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"];
  const profile = `--user-data-dir=${join(scratch, `profile-${port}`)}`;
  const url = `http://127.0.0.1:${port}${path}`;
  const child = spawn(browser!, [...options, profile, url], { stdio: "ignore" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no report of ${path} in time`)), LIMIT);
  });
  try {
    return { body: await Promise.race([body, limit]), scripts };
  } finally {
    clearTimeout(timer);
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    server.closeAllConnections();
    server.close();
  }
}
