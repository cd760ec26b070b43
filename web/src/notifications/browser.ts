/**
 * Notifications of the operating system. Through the browser's push service they come while the page is closed; where there is none
 * (no network but the model's) they come while a page is open behind other windows. Both are this browser's own choice.
 */
import type { Notification as Told } from '../../../src/contract/web-resources.ts';
import { call } from '../api/call.ts';
import { sentenceOf } from '../ui/problem.tsx';
import { signal } from '../ui/signal.ts';
import { headOf } from './words.ts';

export type BrowserNotifications =
  /** Old browser, or an address that is not trusted (no https, no loopback). */
  | { readonly state: 'unsupported' }
  /** Refused in the browser's own settings, which alone can undo it. */
  | { readonly state: 'blocked' }
  | { readonly state: 'off' }
  /** `push`: also while the page is closed; else why not. */
  | { readonly state: 'on'; readonly push: true | string };

const SWITCH = 'gluon.system-notifications';
/** The worker comes with the first visit; a page without one is told so. */
const WORKER_MS = 10_000;

export const browserNotifications = signal<BrowserNotifications>(atStart());

function atStart(): BrowserNotifications {
  if (!('Notification' in globalThis) || !('serviceWorker' in navigator)) return { state: 'unsupported' };
  if (Notification.permission === 'denied') return { state: 'blocked' };
  const on = Notification.permission === 'granted' && localStorage.getItem(SWITCH) === 'on';
  return on ? { state: 'on', push: 'Not subscribed yet.' } : { state: 'off' };
}

/** Subscribes again, as the server may have forgotten this browser. Once, when the page starts. */
export async function resumeBrowserNotifications(): Promise<void> {
  if (browserNotifications.get().state === 'on') browserNotifications.set({ state: 'on', push: await subscribe() });
}

/** Asks for the permission: only in answer to a click. */
export async function turnOnNotifications(): Promise<void> {
  if (browserNotifications.get().state === 'unsupported') return;
  const permission = await Notification.requestPermission();
  if (permission !== 'granted') {
    browserNotifications.set(permission === 'denied' ? { state: 'blocked' } : { state: 'off' });
    return;
  }
  localStorage.setItem(SWITCH, 'on');
  browserNotifications.set({ state: 'on', push: 'Subscribing…' });
  browserNotifications.set({ state: 'on', push: await subscribe() });
}

/** Throws `ApiFailure`: then the server may send to this browser once more, and it is still on. */
export async function turnOffNotifications(): Promise<void> {
  const subscription = await (await worker())?.pushManager.getSubscription();
  if (subscription != null) {
    await call('push.unsubscribe', { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  localStorage.removeItem(SWITCH);
  browserNotifications.set({ state: 'off' });
}

/** A page that is open shows it itself only where no push service does. */
export function showOnSystem(notification: Told): void {
  const now = browserNotifications.get();
  if (now.state !== 'on' || now.push === true) return;
  void worker().then((registration) =>
    registration?.showNotification(headOf(notification), {
      body: notification.text,
      tag: `gluon-${notification.id}`,
      icon: '/icon-192.png',
      badge: '/badge-96.png',
      data: { run_id: notification.run_id },
    }),
  );
}

/** True, or why the page has to be open. */
async function subscribe(): Promise<true | string> {
  const registration = await worker();
  if (registration === null || registration.pushManager === undefined) return 'This browser has no push service.';
  try {
    const { public_key } = await call('push.key', {});
    const subscription = await subscribed(registration, bytesOf(public_key));
    const { endpoint, keys } = subscription.toJSON();
    if (endpoint === undefined || keys?.p256dh === undefined || keys.auth === undefined) return 'The push service gave no address.';
    await call('push.subscribe', { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } });
    return true;
  } catch (error) {
    return sentenceOf(error);
  }
}

async function subscribed(registration: ServiceWorkerRegistration, key: Uint8Array<ArrayBuffer>): Promise<PushSubscription> {
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const known = await registration.pushManager.getSubscription();
  if (known === null) return registration.pushManager.subscribe(options);
  const same = new Uint8Array(known.options.applicationServerKey ?? new ArrayBuffer(0));
  if (same.length === key.length && same.every((byte, at) => byte === key[at])) return known;
  // Of another home of Gluon behind the same address: its key is not ours.
  await known.unsubscribe();
  return registration.pushManager.subscribe(options);
}

/** Null when no worker runs: it was switched off, or could not be installed. */
function worker(): Promise<ServiceWorkerRegistration | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), WORKER_MS));
  return Promise.race([navigator.serviceWorker.ready, late]);
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}
