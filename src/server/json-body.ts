/** The one body format: JSON, bounded in size and depth, without keys that poison prototypes. */
import type { FastifyInstance } from 'fastify';
import { GluonError } from '../contract/errors.ts';

const QUOTE = 34;
const BACKSLASH = 92;

/** Replaces the framework's parsers: what is not `application/json` is refused with 415. An empty body is an empty object. */
export function acceptJsonOnly(app: FastifyInstance, maxDepth: number): void {
  // Called for its refusal of "__proto__" and "constructor.prototype" at any depth.
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, {});
    if (isDeeperThan(body, maxDepth)) return done(new GluonError('bad_request', { why: `JSON nested deeper than ${maxDepth} levels` }));
    return parse(request, body, done);
  });
}

/** Whether brackets nest deeper than `maxDepth`, without parsing: linear in the text, jumping over strings. */
export function isDeeperThan(json: string, maxDepth: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(json, at);
    } else if (code === 91 || code === 123) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (code === 93 || code === 125) {
      depth -= 1;
    }
  }
  return false;
}

/** Index of the quote that ends the string which begins at `start`; the end of the text when none does. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let escapes = 0;
    while (json.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return json.length;
}
