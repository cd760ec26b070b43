/** Who is signed in decides what is shown: the door, or the product. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { session, watchSession } from '../api/session.ts';
import { live } from '../live/live.ts';
import { Unreachable } from '../pwa/unreachable.tsx';
import { Toasts } from '../ui/toast.tsx';
import { router } from './router.tsx';
import { signInByLinkOrCookie } from './sign-in.ts';

const LoginView = lazy(async () => ({ default: (await import('../login/login-view.tsx')).LoginView }));

/** Live messages bring what changes; nothing is asked for again because time has passed. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: Number.POSITIVE_INFINITY, retry: false, refetchOnWindowFocus: false, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
});

export function App() {
  const now = useSyncExternalStore(watchSession, session);
  useEffect(() => {
    if (now.state === 'unknown') void signInByLinkOrCookie();
    if (now.state === 'in') live.start();
    else live.stop();
  }, [now.state]);
  return (
    <QueryClientProvider client={queries}>
      {now.state === 'unknown' && <Unreachable />}
      {/* Who was signed out keeps the page below the door: nothing that was typed is lost. */}
      {(now.state === 'in' || (now.state === 'out' && now.why === 'expired')) && <RouterProvider router={router} />}
      {now.state === 'out' && (
        <Suspense>
          <LoginView why={now.why} />
        </Suspense>
      )}
      <Toasts />
    </QueryClientProvider>
  );
}
