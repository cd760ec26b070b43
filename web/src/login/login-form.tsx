/** Signing in with a token. A one-time link needs no form: `app/sign-in.ts` takes it before anything is shown. */
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiFailure } from '../api/failure.ts';
import { signIn } from '../app/sign-in.ts';
import { Button } from '../ui/button.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Logo } from '../ui/logo.tsx';

const GREETINGS = {
  never: { title: 'Sign in to Gluon', text: 'This page belongs to whoever runs the server.' },
  left: { title: 'You are signed out', text: 'Runs go on without you. Sign in to see them again.' },
  expired: { title: 'Your session has ended', text: 'Sign in again to go on: the page below is as you left it.' },
} as const;

export function LoginForm({ why }: { why: keyof typeof GREETINGS }) {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const queries = useQueryClient();

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (token.trim() === '') return setProblem('Paste the token first.');
    setBusy(true);
    try {
      await signIn({ token: token.trim() });
      // What was asked while nobody was signed in has failed: it is asked once more.
      await queries.invalidateQueries({ predicate: ({ state }) => state.status === 'error' });
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  }

  const { title, text } = GREETINGS[why];
  return (
    <form
      onSubmit={(event) => void submit(event)}
      noValidate
      className="flex w-90 max-w-full flex-col gap-4 rounded-2xl bg-overlay p-6 shadow-dialog"
    >
      <div className="flex flex-col gap-1">
        <Logo size={28} className="mb-2" />
        <h1 id="login-title" className="text-h2 font-semibold tracking-(--track-head)">
          {title}
        </h1>
        <p className="text-fg-2">{text}</p>
      </div>
      <Field label="Token" error={problem}>
        {(control) => (
          <TextInput
            {...control}
            type="password"
            autoComplete="current-password"
            // The one thing that can be done here.
            autoFocus
            value={token}
            onChange={(event) => {
              setToken(event.target.value);
              setProblem(undefined);
            }}
            className="mono"
          />
        )}
      </Field>
      <Button type="submit" kind="primary" size="lg" busy={busy}>
        Sign in
      </Button>
      <div className="flex flex-col gap-1.5 border-t border-line-subtle pt-4 text-small text-fg-2">
        <p>On the machine where Gluon runs:</p>
        <Way command="gluon web" text="prints an address that signs a browser in, once" />
        <Way command="gluon token print" text="prints the token" />
      </div>
    </form>
  );
}

function Way({ command, text }: { command: string; text: string }) {
  return (
    <p>
      <code className="rounded-sm bg-sunken px-1 py-0.5 text-fg select-all">{command}</code> {text}
    </p>
  );
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiFailure)) return `That did not work: ${error instanceof Error ? error.message : String(error)}`;
  if (error.offline) return 'The server cannot be reached. Is it running? "gluon up" starts it.';
  if (error.code === 'too_many_requests') return 'Too many tries with a wrong token. Wait a minute, then try again.';
  return [error.message, error.action].filter(Boolean).join(' ');
}
