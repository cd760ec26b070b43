/** One line per request. */
import type { FastifyInstance } from 'fastify';
import type { Log } from '../ports/system.ts';

/** The route's pattern is logged, never the address as it came: that may carry anything, secrets too. Reads that went well are `debug`. */
export function logRequests(app: FastifyInstance, log: Log): void {
  app.addHook('onResponse', (request, reply, done) => {
    const fields = {
      request: request.id,
      method: request.method,
      route: request.routeOptions.url ?? '(none)',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      by: request.identity?.name ?? null,
    };
    const quiet = reply.statusCode < 400 && (request.method === 'GET' || request.method === 'HEAD');
    // Refused logins are counted and logged by the guard; a flood of them must not fill the log.
    if (quiet || reply.statusCode === 401 || reply.statusCode === 429) log.debug(fields, 'request');
    else log.info(fields, 'request');
    done();
  });
}
