/** The door. Who was signed out in the middle of something meets it over the page, which stays as it was. */
import { useEffect, useRef } from 'react';
import { signInByLinkOrCookie } from '../app/sign-in.ts';
import { LoginForm } from './login-form.tsx';

export function LoginView({ why }: { why: 'never' | 'expired' | 'left' }) {
  useLinkInThisTab();
  return why === 'expired' ? (
    <LoginOverPage />
  ) : (
    <main className="grid h-dvh place-items-center overflow-y-auto p-4">
      <LoginForm why={why} />
    </main>
  );
}

/** A modal dialog: everything below it cannot be reached until somebody is signed in again. */
function LoginOverPage() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="login-title"
      // There is nothing behind it that could be used.
      onCancel={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        // A second Escape would close it in spite of a prevented cancel.
        if (event.key === 'Escape') event.preventDefault();
      }}
      className="m-auto max-h-[calc(100dvh-32px)] max-w-[calc(100vw-32px)] overflow-y-auto rounded-2xl bg-transparent text-fg backdrop:bg-scrim"
    >
      <LoginForm why="expired" />
    </dialog>
  );
}

/** A login link that is opened in the tab of the door changes only what stands behind the `#`: the page is not loaded anew. */
function useLinkInThisTab(): void {
  useEffect(() => {
    const look = (): void => {
      if (location.hash.startsWith('#code=')) void signInByLinkOrCookie();
    };
    // It may have come while this was being loaded.
    look();
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
}
