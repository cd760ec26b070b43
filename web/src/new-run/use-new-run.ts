/** The form of the dialog: kept as a draft while it is filled in, sent once. */
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { call } from '../api/call.ts';
import { ApiFailure } from '../api/failure.ts';
import { newKey } from '../api/new-key.ts';
import { keepDraft, readDraft } from '../run/drafts.ts';
import { cards } from '../store/use-runs.ts';
import { sentenceOf } from '../ui/problem.tsx';
import { type PromptImages, type SentImage, usePromptImages } from '../ui/prompt-images.ts';
import { useSignal } from '../ui/signal.ts';
import { toast } from '../ui/toast.tsx';
import { errorsOf, type FormErrors, formFrom, type NewRunForm, nextForm, toInput } from './form.ts';
import { newRun } from './open-new-run.ts';

const DRAFT = 'new-run';
const KEEP_AFTER_MS = 300;

export interface NewRunState {
  readonly form: NewRunForm;
  readonly change: (change: Partial<NewRunForm>) => void;
  readonly images: PromptImages;
  readonly errors: FormErrors;
  readonly busy: boolean;
  /** Null: nothing to keep. */
  readonly draft: 'kept' | 'too long' | null;
  readonly submit: () => void;
  /** Empties the form; the choices stay. */
  readonly discard: () => void;
}

export function useNewRun(): NewRunState {
  const navigate = useNavigate();
  const [kept] = useState(readKept);
  const [form, setForm] = useState(kept.form);
  const images = usePromptImages(kept.images);
  const [errors, setErrors] = useState<FormErrors>({});
  const [busy, setBusy] = useState(false);
  const draft = useKept(form, images);
  useWanted(setForm);
  const sent = useRef({ body: '', key: '' });

  const change = useCallback((next: Partial<NewRunForm>) => {
    setForm((now) => ({ ...now, ...next }));
    // An error stays until its field is changed.
    setErrors(({ form: _form, ...rest }) => Object.fromEntries(Object.entries(rest).filter(([field]) => !(field in next))));
  }, []);

  const discard = () => {
    setForm(nextForm);
    setErrors({});
    images.clear();
  };

  const submit = async () => {
    if (busy) return;
    const made = toInput(form, images.ids);
    if ('errors' in made) return setErrors(made.errors);
    if (images.sending) return setErrors({ form: 'An image is still being sent; a moment.' });
    // The same work sent again, because no answer came, is one run.
    const body = JSON.stringify(made.input);
    if (sent.current.body !== body) sent.current = { body, key: newKey() };
    setBusy(true);
    try {
      const run = await call('runs.create', made.input, { idempotencyKey: sent.current.key });
      sent.current = { body: '', key: '' };
      cards.put([run]);
      discard();
      newRun.set(null);
      const open = () => void navigate({ to: '/runs/$run', params: { run: run.id } });
      toast({ kind: 'info', title: `Queued: ${run.title}`, text: run.project, action: { label: 'Open', run: open } });
    } catch (error) {
      setErrors(error instanceof ApiFailure ? errorsOf(error) : { form: sentenceOf(error) });
    } finally {
      setBusy(false);
    }
  };

  return { form, change, images, errors, busy, draft, submit: () => void submit(), discard };
}

/** Keeps the form a moment after the last change, and when the page goes. */
function useKept(form: NewRunForm, images: PromptImages): NewRunState['draft'] {
  const [draft, setDraft] = useState<NewRunState['draft']>(null);
  const sent: SentImage[] = images.items.flatMap(({ id, name }) => (id === null ? [] : [{ id, name }]));
  const text = JSON.stringify({ form, images: sent });
  const latest = useRef(text);
  latest.current = text;
  const empty = form.prompt === '' && sent.length === 0;
  useEffect(() => {
    const timer = setTimeout(() => {
      const done = keepDraft(localStorage, DRAFT, text, Date.now());
      setDraft(empty ? null : done ? 'kept' : 'too long');
    }, KEEP_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text, empty]);
  useEffect(() => {
    const keep = () => void keepDraft(localStorage, DRAFT, latest.current, Date.now());
    addEventListener('pagehide', keep);
    return () => removeEventListener('pagehide', keep);
  }, []);
  return draft;
}

/** What the one who opened the dialog asked for; else the project that the view shows, unless something is being written for another. */
function useWanted(setForm: (change: (form: NewRunForm) => NewRunForm) => void): void {
  const wanted = useSignal(newRun);
  const { project: scope, run: beside } = useSearch({ strict: false }) as { project?: unknown; run?: string };
  const { run } = useParams({ strict: false });
  const shown = useRef<string | undefined>(undefined);
  shown.current = cards.get(run ?? beside ?? '')?.project ?? (typeof scope === 'string' ? scope : undefined);
  useEffect(() => {
    if (wanted === null) return;
    setForm((now) => {
      const free = now.project === '' || now.prompt.trim() === '';
      const project = wanted.project ?? (free ? shown.current : undefined) ?? now.project;
      if (wanted.prompt === undefined || now.prompt.includes(wanted.prompt)) return { ...now, project };
      return { ...now, project, prompt: [now.prompt, wanted.prompt].filter((part) => part.trim() !== '').join('\n\n') };
    });
  }, [wanted, setForm]);
}

function readKept(): { form: NewRunForm; images: readonly SentImage[] } {
  try {
    const kept = JSON.parse(readDraft(localStorage, DRAFT)) as { form?: unknown; images?: unknown };
    const images = Array.isArray(kept.images) ? kept.images.filter(isSentImage) : [];
    return { form: formFrom(kept.form), images };
  } catch {
    // There is no draft, or an older version of the page wrote it.
    return { form: formFrom(null), images: [] };
  }
}

function isSentImage(value: unknown): value is SentImage {
  const { id, name } = (value ?? {}) as Record<string, unknown>;
  return typeof id === 'string' && /^[0-9a-f]{64}$/.test(id) && typeof name === 'string';
}
