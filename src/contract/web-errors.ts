/** Entries of the catalogue of errors that people meet through the web page. */
import { entry } from './error-entry.ts';

export const WEB_ERRORS = {
  login_refused: entry(
    401,
    4,
    false,
    'That token or login code is not valid.',
    'Run "gluon web" for a fresh link, or paste what "gluon token print" prints.',
  ),
  csrf_refused: entry(
    403,
    4,
    false,
    'The request does not carry the proof that it comes from the page.',
    'Reload the page; programs send a bearer token instead of a cookie.',
  ),
  no_session: entry(404, 3, false, 'The request came with no session.', 'Log in through the page; a token needs no session.'),
  comment_settled: entry(409, 4, false, 'The comment was sent to the agent already.', 'Write a new one.'),
  nothing_to_send: entry(409, 4, false, 'The run {run} has no open comment to send.', 'Write a comment on a line of the change first.'),
  push_endpoint_invalid: entry(
    400,
    2,
    false,
    'That cannot be a push service: {why}.',
    'Switch notifications off and on again in the browser.',
  ),
  push_limit: entry(409, 4, false, 'There are {limit} browsers that get notifications already.', 'Switch them off in one of those.'),
} as const;
