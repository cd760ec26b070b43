/** Whose token a request carries. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Role } from '../contract/operation.ts';
import { ROLES } from '../contract/operation.ts';

export interface Identity {
  /** `owner` for the token of the home. */
  readonly name: string;
  readonly role: Role;
}

export interface NamedToken extends Identity {
  readonly token: string;
}

/** Gives the identity of a presented token, or null. Takes the same time for every wrong token: digests of equal length are compared, all of them. */
export type TokenCheck = (presented: string) => Identity | null;

export function tokenCheck(tokens: readonly NamedToken[]): TokenCheck {
  // An empty token would let everybody in who sends "Bearer ".
  for (const { token } of tokens) if (token.length < 16) throw new Error('a token of the server is shorter than 16 characters');
  const known = tokens.map(({ token, name, role }) => ({ digest: digest(token), identity: { name, role } }));
  return (presented) => {
    const candidate = digest(presented);
    let found: Identity | null = null;
    for (const each of known) if (timingSafeEqual(each.digest, candidate)) found = each.identity;
    return found;
  };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The token of `Authorization: Bearer <token>`; null when there is none. */
export function bearerToken(authorization: string | undefined): string | null {
  return authorization?.match(/^Bearer ([\x21-\x7e]{1,512})$/i)?.[1] ?? null;
}

export function roleSuffices(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
