/** How a browser gets in: a session in a cookie, instead of the token of every request. */
import { z } from 'zod';
import { operation } from '../operation.ts';
import { SessionSchema } from '../web-resources.ts';
import { Done } from './fields.ts';

const secret = z.string().min(1).max(512);

export const authOperations = {
  'auth.login': operation({
    method: 'POST',
    path: '/auth/login',
    role: 'public',
    effect: 'write',
    secret: true,
    summary: 'Start a session with a token, or with the code of a login link; sets the cookie gluon_session.',
    input: z
      .strictObject({ token: secret.optional(), code: secret.optional() })
      .refine(({ token, code }) => (token === undefined) !== (code === undefined), 'one of token and code'),
    output: SessionSchema,
  }),
  'auth.session': operation({
    method: 'GET',
    path: '/auth/session',
    role: 'viewer',
    effect: 'read',
    summary: 'The session of this browser.',
    input: z.strictObject({}),
    output: SessionSchema,
  }),
  'auth.logout': operation({
    method: 'POST',
    path: '/auth/logout',
    role: 'viewer',
    effect: 'write',
    summary: 'End the session of this browser.',
    input: z.strictObject({}),
    output: Done,
  }),
  'auth.login_link': operation({
    method: 'POST',
    path: '/auth/login-link',
    role: 'admin',
    effect: 'write',
    secret: true,
    summary: 'Make an address that logs a browser in once, within 60 seconds. Only with a bearer token.',
    input: z.strictObject({}),
    output: z.object({ url: z.string(), expires_at: z.string() }),
  }),
} as const;
