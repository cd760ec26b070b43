/** What the server's hooks note on routes and requests. */
import type { Operation, Role } from '../contract/operation.ts';
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
  }
}

export const ROLE_OF_SILENT_ROUTES: Role = 'admin';
