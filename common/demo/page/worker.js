// Keeps what the page consists of, and answers with it where there is no network.

const KEPT = 'recur';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// A page says what it needs; the answer is whether all of it is kept.
self.addEventListener('message', (event) => {
  const [port] = event.ports;
  event.waitUntil(keep(event.data).then((kept) => port.postMessage(kept)));
});

async function keep(paths) {
  const cache = await caches.open(KEPT);
  const wanted = new Set(paths);
  try {
    await cache.addAll([...wanted]);
  } catch {
    // Without a network, what was kept before is enough.
    const there = await Promise.all([...wanted].map((path) => cache.match(path)));
    return there.every(Boolean);
  }
  for (const request of await cache.keys()) {
    if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
  }
  return true;
}

self.addEventListener('fetch', (event) => {
  const {request} = event;
  if (request.method === 'GET' && new URL(request.url).origin === location.origin) {
    event.respondWith(answer(request));
  }
});

// The network goes first, so that a model trained anew is not hidden by the old one.
async function answer(request) {
  const cache = await caches.open(KEPT);
  try {
    const response = await fetch(request);
    if (response.ok && (await cache.match(request))) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request, {ignoreSearch: true});
    if (kept) return kept;
    throw error;
  }
}
