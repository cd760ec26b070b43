/** What runs beside every view: questions and notifications are followed, the worker is installed, clicks on notifications are answered. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import type { Notification } from '../../../src/contract/web-resources.ts';
import { live } from '../live/live.ts';
import { resumeBrowserNotifications } from '../notifications/browser.ts';
import { applyToList } from '../notifications/list-cache.ts';
import { tellNotification } from '../notifications/tell.ts';
import { type NotificationChange, useNotifications } from '../notifications/unread.ts';
import { installWorker, lookForUpdate } from '../pwa/worker.ts';
import { useQuestions } from '../questions/questions.ts';

export function useGlobalEffects(): void {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { run } = useParams({ strict: false });
  const { run: beside } = useSearch({ strict: false }) as { run?: string };
  const shown = useRef<string | null>(null);
  shown.current = run ?? beside ?? null;

  const open = useCallback((id: string) => void navigate({ to: '/runs/$run', params: { run: id } }), [navigate]);
  const told = useCallback((notification: Notification) => tellNotification(notification, shown.current, open), [open]);
  const changed = useCallback((change: NotificationChange) => applyToList(queries, change), [queries]);
  useQuestions();
  useNotifications(told, changed);

  useEffect(() => {
    installWorker();
    void resumeBrowserNotifications();
    let lost = false;
    return live.watchStatus(() => {
      const { state } = live.status();
      if (state === 'live' && lost) lookForUpdate();
      lost = state === 'offline' || (lost && state !== 'live');
    });
  }, []);

  useEffect(() => {
    // A file that misses the box it was meant for would be shown instead of the page.
    const keepPage = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    for (const name of ['dragover', 'drop'] as const) addEventListener(name, keepPage);
    return () => {
      for (const name of ['dragover', 'drop'] as const) removeEventListener(name, keepPage);
    };
  }, []);

  useEffect(() => {
    if (!('serviceWorker' in navigator)) return;
    const clicked = ({ data }: MessageEvent) => {
      const { type, address } = (data ?? {}) as { type?: unknown; address?: unknown };
      const [, id] = typeof address === 'string' ? (/^\/runs\/([0-9a-f]{32})$/.exec(address) ?? []) : [];
      if (type === 'open' && id !== undefined) open(id);
    };
    navigator.serviceWorker.addEventListener('message', clicked);
    return () => navigator.serviceWorker.removeEventListener('message', clicked);
  }, [open]);
}
