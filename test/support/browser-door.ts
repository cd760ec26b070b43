/** Requests as a browser sends them: with its cookie and its origin, and with what the page adds. */

export interface Door {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  cookie: string | null;
  csrf: string | null;
  /** `path` below `/api`. */
  fetch(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<DoorAnswer>;
}

export interface DoorAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly setCookie: string[];
}

/** A browser without a session; what the server sets as its cookie it keeps. */
export function browserDoor(address: string): Door {
  const door: Door = {
    address,
    cookie: null,
    csrf: null,
    async fetch(method, path, body, headers = {}) {
      const answer = await fetch(`${address}/api${path}`, {
        method,
        headers: {
          ...(method === 'GET' ? { 'sec-fetch-site': 'same-origin' } : { origin: address }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(door.cookie === null ? {} : { cookie: door.cookie }),
          ...(door.csrf === null || method === 'GET' ? {} : { 'x-gluon-csrf': door.csrf }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const setCookie = answer.headers.getSetCookie();
      const given = setCookie.at(-1)?.split(';')[0];
      if (given !== undefined) door.cookie = given.endsWith('=') ? null : given;
      const text = await answer.text();
      const isJson = (answer.headers.get('content-type') ?? '').includes('json');
      return { status: answer.status, body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {}, setCookie };
    },
  };
  return door;
}

/** A browser that logged in with that token. */
export async function loggedIn(address: string, token: string): Promise<Door> {
  const door = browserDoor(address);
  const { status, body } = await door.fetch('POST', '/auth/login', { token });
  if (status !== 200) throw new Error(`the login was refused: ${status} ${JSON.stringify(body)}`);
  door.csrf = String(body.csrf);
  return door;
}
