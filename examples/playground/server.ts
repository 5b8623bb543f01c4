// `npm run playground`: builds the page, serves it on this machine only and prints where.
// `--port N` chooses the port (default 8080, or a free one when that is taken).

import { createReadStream } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { buildSite, SITE } from "./build.ts";
import { servedFile } from "./served-file.ts";

const DEFAULT_PORT = 8080;

/** A server for the files of `folder` that is not listening yet. */
export function createPlaygroundServer(folder: string): Server {
  return createServer((request, response) => {
    const reading = request.method === "GET" || request.method === "HEAD";
    const file = reading ? servedFile(request.url ?? "", folder) : undefined;
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Cache-Control", "no-cache");
    if (file === undefined) {
      response.writeHead(reading ? 404 : 405, reading ? {} : { Allow: "GET, HEAD" });
      response.end();
      return;
    }
    response.setHeader("Content-Type", file.type);
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    createReadStream(file.path)
      .on("error", () => response.destroy())
      .pipe(response);
  });
}

/** Listens on the loopback address, on `port` or on a free one; the page's URL. */
export async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: "string" } } });
  const port = Number(values.port ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new RangeError(`playground: --port expected an integer in 0..65535, got ${values.port}`);
  await buildSite(SITE);
  const server = createPlaygroundServer(SITE);
  const url = await listen(server, port).catch((error: NodeJS.ErrnoException) => {
    if (values.port !== undefined || error.code !== "EADDRINUSE") throw error;
    return listen(server, 0);
  });
  console.log(`Playground: ${url}  (Ctrl-C ends it)`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
