/** What comes through the push service, read without trust: anybody with the subscription's address can send there. Pure. */

export interface PushMessage {
  readonly title: string;
  readonly run_id: string | null;
  readonly tag: string;
}

const RUN_ID = /^[0-9a-f]{32}$/;

/** A push must show something: what cannot be read is shown as that. */
export function readPush(text: string): PushMessage {
  const { title, run_id, tag } = fieldsOf(text);
  return {
    title: typeof title === 'string' && title !== '' ? title.slice(0, 200) : 'Something happened in Gluon',
    run_id: typeof run_id === 'string' && RUN_ID.test(run_id) ? run_id : null,
    tag: typeof tag === 'string' && tag !== '' ? tag.slice(0, 100) : 'gluon',
  };
}

/** Where a click on a notification leads: always inside the page. */
export function addressOf(data: unknown): string {
  const run = typeof data === 'object' && data !== null ? (data as { run_id?: unknown }).run_id : null;
  return typeof run === 'string' && RUN_ID.test(run) ? `/runs/${run}` : '/';
}

function fieldsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Not from this server: shown without its text.
    return {};
  }
}
