/** Bounds what a client without a token may cost: after so many failures per minute it gets 429, and the log gets quiet. */

import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GluonError } from '../contract/errors.ts';
import type { Log } from '../ports/system.ts';

/**
 * Gives the error to answer a failed login with. Only failures count, so nobody can lock the owner out; a token of 256 random bits
 * needs no slowing down.
 */
export type FailedLogin = (request: FastifyRequest, refusal?: GluonError) => Promise<GluonError>;

export async function countFailedLogins(app: FastifyInstance, perMinute: number, log: Log): Promise<FailedLogin> {
  await app.register(rateLimit, { global: false });
  const count = app.createRateLimit({ max: perMinute, timeWindow: 60_000 });
  return async (request, refusal = new GluonError('unauthenticated')) => {
    const limit = await count(request);
    if (!limit.isAllowed && limit.isExceeded) return new GluonError('too_many_requests');
    log.warn({ request: request.id, method: request.method }, 'a request without a valid token was refused');
    return refusal;
  };
}
