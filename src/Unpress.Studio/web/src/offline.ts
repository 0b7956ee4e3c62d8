/**
 * The service worker of the exported page: its files are kept, so that it works without a network, and come with the headers that threads need. Those that not
 * every browser needs are kept when they are first asked for.
 */

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

async function fetched(request: Request): Promise<Response> {
  const got = await fetch(request), list = got.ok ? await caches.match("files.json") : undefined;
  if (!list) return got;
  const { version, later } = await list.json() as { version: string; later: string[] };
  if (later.some(file => request.url === new URL(file, worker.registration.scope).href)) await (await caches.open(`${prefix}-${version}`)).put(request, got.clone());
  return got;
}

async function answer(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreSearch: true }) ?? await fetched(request);
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
