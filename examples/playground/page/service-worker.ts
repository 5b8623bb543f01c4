// Keeps the page's files so that it opens without a network. The network comes first, so that a
// reader who has one always sees the newest page.

declare const FILES: string[]; // written in by the build
declare const VERSION: string; // of the files, by their content

type ExtendableEvent = Event & { waitUntil: (promise: Promise<unknown>) => void };
type FetchEvent = ExtendableEvent & {
  request: Request;
  respondWith: (response: Promise<Response>) => void;
};

const CACHE = `twolayer-${VERSION}`;

addEventListener("install", (event) => {
  const kept = caches.open(CACHE).then((cache) => cache.addAll(FILES));
  (event as ExtendableEvent).waitUntil(kept);
});

addEventListener("activate", (event) => {
  (event as ExtendableEvent).waitUntil(removeOlderCaches());
});

addEventListener("fetch", (event) => {
  const { request, respondWith } = event as FetchEvent;
  if (request.method === "GET") respondWith.call(event, networkFirst(request));
});

async function networkFirst(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: true });
    if (kept === undefined) throw error;
    return kept;
  }
}

/** Removes what earlier versions of this page have kept; other pages of the host are left alone. */
async function removeOlderCaches(): Promise<void> {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith("twolayer-") && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
}
