/** What the server's hooks note on routes and requests. */
import type { Operation, Role } from '../contract/operation.ts';
import type { WebSession } from '../contract/web-session.ts';
import type { Identity } from './tokens.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. A route that says nothing is for `admin` alone. */
    role?: Role;
    /** What it does to the world; by its method, where the route says nothing. */
    effect?: Operation['effect'];
    /** The route that takes WebSocket upgrades; on every other one they are refused. */
    live?: boolean;
  }
  interface FastifyRequest {
    /** Set by the guard; null on public routes when no valid token came. */
    identity: Identity | null;
    /** The session that the cookie stands for, when it was the cookie that let the request in. */
    session: WebSession | null;
    /** The session lasts longer from now on: the token whose cookie the answer sets anew. */
    renewedToken: string | null;
  }
}

export const ROLE_OF_SILENT_ROUTES: Role = 'admin';
