/** Which addresses git may talk to for us, and how they are shown. */

/** `https://`, `ssh://`, `host:path` of ssh, `file://` and absolute paths; no transport helper, option or control character. */
export function isAllowedRemoteUrl(url: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the purpose
  if (url === '' || url.startsWith('-') || /[\u0000-\u0020\u007f]/.test(url) || /^[A-Za-z0-9+.-]+::/.test(url)) return false;
  if (/^(?:https|ssh):\/\//.test(url)) {
    const host = /^[a-z]+:\/\/(?:[^/@]*@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?(?:\/|$)/.exec(url)?.[1];
    return host !== undefined && !host.startsWith('-') && !/^ssh:\/\/-/.test(url);
  }
  if (url.startsWith('file:///') || url.startsWith('/')) return true;
  return /^(?:[A-Za-z0-9._][A-Za-z0-9._-]*@)?[A-Za-z0-9._][A-Za-z0-9._-]*:(?!\/\/)[^-:]/.test(url);
}

/** Without user name and password: fit for logs and screens. */
export function withoutCredentials(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s@]*@/gi, '$1');
}
