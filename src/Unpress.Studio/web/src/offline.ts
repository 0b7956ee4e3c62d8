/** The service worker of the exported page: all its files are kept, so that it works without a network, and come with the headers that threads need. */

const worker = self as unknown as {
  addEventListener<T>(kind: string, action: (event: T) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  registration: { scope: string };
};

interface Waiting { waitUntil(done: Promise<unknown>): void }
interface Fetching { request: Request; respondWith(answer: Promise<Response>): void }

const prefix = "unpress-page";

async function keep(): Promise<void> {
  const listed = await (await fetch("files.json", { cache: "no-store" })).json() as { version: string; files: string[] };
  const cache = await caches.open(`${prefix}-${listed.version}`);
  await cache.addAll(["./", "files.json", ...listed.files].map(file => new Request(file, { cache: "no-store" })));
  for (const other of await caches.keys()) if (other.startsWith(prefix) && other !== `${prefix}-${listed.version}`) await caches.delete(other);
  await worker.skipWaiting();
}

async function answer(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreSearch: true }) ?? await fetch(request);
  if (kept.type === "opaque" || kept.status === 0) return kept;
  const headers = new Headers(kept.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  return new Response(kept.body, { status: kept.status, statusText: kept.statusText, headers });
}

worker.addEventListener("install", (event: Waiting) => event.waitUntil(keep()));
worker.addEventListener("activate", (event: Waiting) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event: Fetching) => {
  if (event.request.method === "GET" && event.request.url.startsWith(worker.registration.scope)) event.respondWith(answer(event.request));
});

export {};
