/**
 * What a browser may do with the page (threat 36): run and load what this server serves, and nothing else. No inline script, no inline
 * style, no foreign address. Pictures may also be blobs and
 * data: what a person pastes is shown before it is sent, and the drag library hides the browser's own preview behind an empty one.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
