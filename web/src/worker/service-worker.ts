/// <reference lib="webworker" />
/**
 * Keeps the page's own files for a start without a network, and shows what the push service brings. Answers of the API are never kept:
 * they would be old, and they are private.
 */
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { addressOf, readPush } from './push-message.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: Parameters<typeof precacheAndRoute>[0] };

cleanupOutdatedCaches();
precacheAndRoute(self.__WB_MANIFEST);
const page = createHandlerBoundToURL('/index.html');

self.addEventListener('fetch', (event) => {
  if (event.request.mode !== 'navigate' || new URL(event.request.url).pathname.startsWith('/api')) return;
  event.respondWith(page({ event, request: event.request, url: new URL(event.request.url) }));
});

/** A new version waits until the person wants it: pages that are open run on the files they were made for. */
self.addEventListener('message', (event) => {
  if ((event.data as { type?: unknown } | null)?.type === 'take over') event.waitUntil(self.skipWaiting());
});

self.addEventListener('push', (event) => event.waitUntil(show(event.data?.text() ?? '')));

async function show(text: string): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  // Whoever looks at the page sees it there.
  if (pages.some(({ focused }) => focused)) return;
  const { title, run_id, tag } = readPush(text);
  await self.registration.showNotification(title, { tag, icon: '/icon-192.png', badge: '/badge-96.png', data: { run_id } });
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(addressOf(event.notification.data)));
});

/** In the page that is open, else in a new one. */
async function open(address: string): Promise<void> {
  const [first] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (first === undefined) {
    await self.clients.openWindow(address);
    return;
  }
  // A browser may keep the window where it is; the run is opened in it all the same.
  await first.focus().catch(() => {});
  first.postMessage({ type: 'open', address });
}
