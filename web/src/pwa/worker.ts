/** The service worker, as the page sees it: installed when there is nothing else to do, and the person decides when a new version takes over. */
import { signal } from '../ui/signal.ts';

/** A new version that is ready; null: none. */
export const waitingVersion = signal<ServiceWorker | null>(null);

let registration: ServiceWorkerRegistration | null = null;
let asked = false;

/** Once, after the first view is shown. A page without it works all the same, only not offline. */
export function installWorker(): void {
  // Browsers have none on addresses they do not trust.
  if (!('serviceWorker' in navigator) || asked) return;
  asked = true;
  let replaced = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // The first worker takes over a page that is its own version already.
    if (replaced) location.reload();
    replaced = true;
  });
  const install = () =>
    navigator.serviceWorker.register('/service-worker.js', { scope: '/' }).then(follow, (error: unknown) => {
      // No private window and no full disk is worth a message to the person: only the offline start is missing.
      reportError(error);
    });
  if ('requestIdleCallback' in globalThis) requestIdleCallback(() => void install(), { timeout: 10_000 });
  else setTimeout(() => void install(), 3_000);
}

function follow(installed: ServiceWorkerRegistration): void {
  registration = installed;
  const watch = (worker: ServiceWorker | null) => {
    if (worker === null) return;
    const look = () => {
      // Without a controller it is the first one, and there is nothing to update.
      if (worker.state === 'installed' && navigator.serviceWorker.controller !== null) waitingVersion.set(worker);
      else if (worker.state === 'redundant' && waitingVersion.get() === worker) waitingVersion.set(null);
    };
    worker.addEventListener('statechange', look);
    look();
  };
  watch(installed.waiting);
  watch(installed.installing);
  installed.addEventListener('updatefound', () => watch(installed.installing));
}

/** Asks the server whether there is a new version: after a connection came back, a new server may stand behind it. */
export function lookForUpdate(): void {
  // A server that cannot be asked has nothing new to give.
  registration?.update().catch(() => {});
}

/** The new version takes over; the page loads again with it. Drafts are kept. */
export function takeUpdate(): void {
  waitingVersion.get()?.postMessage({ type: 'take over' });
}
