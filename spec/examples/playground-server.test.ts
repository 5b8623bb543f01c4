import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { buildSite, type SiteFile } from "../../examples/playground/build.ts";
import { servedFile } from "../../examples/playground/served-file.ts";
import { createPlaygroundServer, listen } from "../../examples/playground/server.ts";

const ESCAPES = [
  "/../server.ts",
  "/../../package.json",
  "/dist/../package.json",
  "/dist/../../package.json",
  "/dist/./../package.json",
  "/%2e%2e/package.json",
  "/%2E%2E/%2e%2e/package.json",
  "/dist/%2e%2e/package.json",
  "/dist/.%2e/package.json",
  "/dist%2f..%2fpackage.json",
  "/%252e%252e/package.json",
  "/..%5cpackage.json",
  "/..\\..\\package.json",
  "/dist/..\\package.json",
  "/dist\\..\\package.json",
  "/index.html%00",
  "/index.html%00.js",
  "/%00",
  "/etc/passwd",
  "//etc/passwd",
  "/%2fetc%2fpasswd",
  "///index.html",
  "/C:/Windows/win.ini",
  "/c%3a/windows/win.ini",
  "/index.html::$DATA",
  "etc/passwd",
  "../package.json",
  "http://localhost/../package.json",
  "http://localhost/index.html",
  "/.gitignore",
  "/.git/config",
  "/dist/.hidden.js",
  "/%",
  "/%zz",
  "/%c0%ae%c0%ae/package.json",
  "/index.html/",
  "/index.html/..",
  "/dist",
  "/dist/",
  "/page/",
  "/page/playground-page.test.ts",
  "*",
  "",
];
const NOT_OFFERED = [
  "/server.ts",
  "/served-file.ts",
  "/tsconfig.json",
  "/package.json",
  "/lib/index.ts",
  "/examples/digits/main.ts",
  "/digits/digits.csv",
];

const folder = mkdtempSync(join(tmpdir(), "twolayer-"));
let built: SiteFile[];
let server: Server;
let port = 0;

before(async () => {
  built = await buildSite(folder);
  mkdirSync(join(folder, "dist"));
  for (const name of ["README.md", "dist/.hidden.js"]) writeFileSync(join(folder, name), "secret");
  symlinkSync(import.meta.dirname, join(folder, "page"), "junction");
  server = createPlaygroundServer(folder);
  await listen(server, 0);
  port = (server.address() as AddressInfo).port;
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** What the server answers to these bytes, sent as they are: no client tidies the path up. */
function raw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(request, "latin1"));
    socket
      .setEncoding("latin1")
      .on("data", (chunk) => (answer += chunk))
      .on("end", () => resolve(answer))
      .on("error", reject);
  });
}

const get = (target: string, method = "GET"): Promise<string> =>
  raw(`${method} ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);

test("The page, its style and the digits are served with their types", async () => {
  for (const [target, type, start] of [
    ["/", "text/html; charset=utf-8", "<!doctype html>"],
    ["/index.html?x=1", "text/html; charset=utf-8", "<!doctype html>"],
    ["/style.css", "text/css; charset=utf-8", ":root{"],
    ["/digits.csv", "text/csv; charset=utf-8", "pixel_0_0,"],
  ]) {
    const answer = await get(target);
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/, target);
    assert.ok(answer.toLowerCase().includes(`content-type: ${type}\r\n`), target);
    assert.ok(answer.toLowerCase().includes("x-content-type-options: nosniff\r\n"), target);
    assert.ok(answer.slice(answer.indexOf("\r\n\r\n")).includes(start), target);
  }
});

test("No spelling of a path leads out of the folder that is served", async () => {
  for (const target of [...ESCAPES, ...NOT_OFFERED]) {
    assert.equal(servedFile(target, folder), undefined, JSON.stringify(target));
    if (target === "") continue; // no request line can hold it
    const answer = await get(target);
    assert.match(answer, /^HTTP\/1\.1 (404 Not Found|400 Bad Request)\r\n/, JSON.stringify(target));
    assert.equal(
      answer.slice(answer.indexOf("\r\n\r\n") + 4).replace(/^0\r\n\r\n$/, ""),
      "",
      JSON.stringify(target),
    );
  }
});

test("Bytes that are no request line are answered with 400", async () => {
  assert.match(await raw("GET /index.html\0 HTTP/1.1\r\nHost: x\r\n\r\n"), /^HTTP\/1\.1 400 /);
  assert.match(await raw("\0\0\0\0\r\n\r\n"), /^HTTP\/1\.1 400 /);
  assert.match(await get("/"), /^HTTP\/1\.1 200 /);
});

test("Only GET and HEAD are allowed", async () => {
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const answer = await get("/index.html", method);
    assert.match(answer, /^HTTP\/1\.1 405 Method Not Allowed\r\n/);
    assert.match(answer, /\r\nAllow: GET, HEAD\r\n/);
  }
  const head = await get("/index.html", "HEAD");
  assert.match(head, /^HTTP\/1\.1 200 OK\r\n/);
  assert.ok(head.endsWith("\r\n\r\n"));
});

test("The server listens on the loopback address only", () => {
  assert.equal((server.address() as AddressInfo).address, "127.0.0.1");
});

test("A served file has one of the listed types", () => {
  assert.equal(basename(servedFile("/index.html", folder)!.path), "index.html");
  assert.equal(basename(servedFile("/digits.csv", folder)!.path), "digits.csv");
  assert.equal(servedFile("/README.md", folder), undefined);
});

test("The site is few and small files that ask nothing of other hosts", () => {
  assert.ok(built.length < 15, `${built.length} files`);
  const compressed = built.reduce((sum, file) => sum + file.compressed, 0);
  assert.ok(compressed < 150_000, `${compressed} bytes compressed`);
  for (const { name } of built) {
    const text = readFileSync(join(folder, name), "utf8");
    const hosts = text.match(/https?:\/\/(?!www\.w3\.org\/)[^\s"'`)]+/g) ?? [];
    assert.deepEqual(hosts, [], name);
  }
});

test("The site's page has its words in English before any script runs", () => {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  assert.match(html, /id="plane-play" data-text="play">Play</);
  assert.doesNotMatch(html, /data-text="[^"]+"><\//);
});

test("The service worker keeps every file, under a version made of their content", () => {
  const worker = readFileSync(join(folder, "worker.js"), "utf8");
  for (const { name } of built)
    if (name !== "worker.js") assert.ok(worker.includes(JSON.stringify(name)), name);
  assert.match(worker, /"twolayer-[0-9a-f]{12}"/);
});
