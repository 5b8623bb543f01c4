// The program in headless Chromium: a page from a server on the loopback address, which also takes
// its report.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, extname, join } from "node:path";
import type { Answer } from "./engines.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const TYPES: { [extension: string]: string } = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".csv": "text/csv",
};
const SERVED = new RegExp(
  String.raw`^/(dist/[\w/-]+\.js|spec/runtimes/(page\.html|page\.js|program\.js)|` +
    String.raw`examples/digits/digits\.csv)$`,
);
const TIME_LIMIT = 120_000; // ms

/** The browser's path, from the environment variable CHROMIUM or the PATH. */
export function findChromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * The page's report. `policy` is a Content-Security-Policy to serve it under. Throws when the
 * program fails, a file is missing, the report is no JSON, or the console shows anything but that
 * the policy forbids WebAssembly. The browser is ended in every case.
 */
export async function chromium(browser: string, root: string, policy?: string): Promise<Answer> {
  let report!: (answer: Answer & { error?: string }) => void;
  let fail!: (error: Error) => void;
  const reported = new Promise<Answer & { error?: string }>((resolve, reject) => {
    report = resolve;
    fail = reject;
  });
  const refused: string[] = [];
  /**
   * Does its work now; what it throws is the page's failure, not an exception of this process that
   * leaves the browser alone.
   */
  const guarded = (response: ServerResponse, work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!response.headersSent) response.writeHead(500);
      response.end();
      fail(error as Error);
    }
  };
  const server = createServer((request, response) =>
    guarded(response, () => {
      const { url = "", method } = request;
      if (method === "POST" && url === "/report") {
        let body = "";
        request
          .setEncoding("utf8")
          .on("data", (text: string) => (body += text))
          .on("end", () =>
            guarded(response, () => {
              response.end();
              report(JSON.parse(body));
            }),
          );
        return;
      }
      if (!SERVED.test(url)) {
        refused.push(url);
        response.writeHead(404).end();
        return;
      }
      if (policy) response.setHeader("Content-Security-Policy", policy);
      const content = readFileSync(join(root, url));
      response.setHeader("Content-Type", TYPES[extname(url)]);
      response.end(content);
    }),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const profile = await mkdtemp(join(tmpdir(), "twolayer-chromium-"));
  const page = `http://127.0.0.1:${(server.address() as AddressInfo).port}/spec/runtimes/page.html`;
  const child = spawn(
    browser,
    [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--enable-logging=stderr",
      `--user-data-dir=${profile}`,
      page,
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const kill = (): unknown => child.kill("SIGKILL");
  process.on("exit", kill); // whatever ends this process
  let log = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (log += text));
  child.on("error", fail);
  child.on("exit", (code) => fail(new Error(`chromium ended with code ${code}\n${log}`)));
  const limit = setTimeout(
    () => fail(new Error(`no report within ${TIME_LIMIT / 1000} s\n${log}`)),
    TIME_LIMIT,
  );
  try {
    const { error, ...answer } = await reported;
    const console = log
      .split("\n")
      .filter((line) => /:CONSOLE[:(]/.test(line) && !(policy && /WebAssembly/.test(line)));
    const troubles = [
      ...(error ? [error] : []),
      ...refused.map((url) => `the page asked for ${url}`),
      ...console,
    ];
    if (troubles.length > 0) throw new Error(troubles.join("\n"));
    return answer;
  } finally {
    clearTimeout(limit);
    await end(child);
    process.off("exit", kill);
    server.closeAllConnections();
    server.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.removeAllListeners("exit");
  child.kill();
  await once(child, "exit");
}
