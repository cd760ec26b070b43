/** Images that go with a prompt: pasted, dropped or picked, each sent at once, so that a bad one is told of before the prompt is. */
import { useCallback, useRef, useState } from 'react';
import { call } from '../api/call.ts';
import { bytes } from './format.ts';
import { sentenceOf } from './problem.tsx';

export interface PromptImage {
  /** Of this page. */
  readonly key: string;
  readonly name: string;
  readonly state: 'sending' | 'ready' | 'refused';
  /** Id of the attachment, once it is ready. */
  readonly id: string | null;
  /** Why it was refused. */
  readonly why: string | null;
}

export interface PromptImages {
  readonly items: readonly PromptImage[];
  /** Ids of those that are ready, each once. */
  readonly ids: string[];
  readonly sending: boolean;
  add(files: Iterable<File>): void;
  remove(key: string): void;
  clear(): void;
}

/** An image that was sent before, from a draft. */
export interface SentImage {
  readonly id: string;
  readonly name: string;
}

export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const MOST_BYTES = 20 * 1024 * 1024;
const MOST_IMAGES = 20;

/** Why a file cannot go with a prompt, before it is sent; null: it may. */
export function refusedFile(file: { readonly type: string; readonly size: number }, already: number): string | null {
  if (!IMAGE_TYPES.includes(file.type)) return 'An agent takes PNG, JPEG, GIF and WebP.';
  if (file.size > MOST_BYTES) return `It has ${bytes(file.size)}; 20 MB are the most.`;
  if (file.size === 0) return 'It is empty.';
  return already >= MOST_IMAGES ? `${MOST_IMAGES} images are the most for one prompt.` : null;
}

let lastKey = 0;

export function usePromptImages(sent: readonly SentImage[] = []): PromptImages {
  const [items, setItems] = useState<readonly PromptImage[]>(() =>
    sent.map(({ id, name }) => ({ key: id, name, state: 'ready', id, why: null })),
  );
  const running = useRef(new Map<string, AbortController>());
  const patch = useCallback((key: string, change: Partial<PromptImage>) => {
    setItems((now) => now.map((each) => (each.key === key ? { ...each, ...change } : each)));
  }, []);

  const send = async (key: string, file: File) => {
    const stop = new AbortController();
    running.current.set(key, stop);
    try {
      const { id } = await call('attachments.upload', { data: await base64(file) }, { signal: stop.signal });
      patch(key, { state: 'ready', id });
    } catch (error) {
      if (!stop.signal.aborted) patch(key, { state: 'refused', why: sentenceOf(error) });
    } finally {
      running.current.delete(key);
    }
  };

  const add = (files: Iterable<File>) => {
    const added: PromptImage[] = [];
    for (const file of files) {
      lastKey += 1;
      const key = `image-${lastKey}`;
      const why = refusedFile(file, items.length + added.length);
      added.push({ key, name: file.name || 'Pasted image', state: why === null ? 'sending' : 'refused', id: null, why });
      if (why === null) void send(key, file);
    }
    setItems((now) => [...now, ...added]);
  };

  const remove = (key: string) => {
    running.current.get(key)?.abort();
    setItems((now) => now.filter((each) => each.key !== key));
  };

  return {
    items,
    ids: [...new Set(items.flatMap(({ id }) => (id === null ? [] : [id])))],
    sending: items.some(({ state }) => state === 'sending'),
    add,
    remove,
    clear: () => {
      for (const { key } of items) remove(key);
    },
  };
}

/** Images among what was pasted or dropped. */
export function imagesIn(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
}

function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(new Error('The file cannot be read any more.'));
    reader.readAsDataURL(file);
  });
}
