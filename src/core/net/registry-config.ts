/** Which hosts package tools are configured for, read from the texts of their configuration. No registry is known by name here. */
import { parseEgressName } from './egress-rule.ts';

/** `registry=` and `@scope:registry=` of an npmrc. */
export function npmrcHosts(text: string): string[] {
  return values(text, /^\s*(?:@[^\s=]+:)?registry\s*=\s*(.+)$/gim);
}

/** `index-url`, `extra-index-url`, `find-links` of pip.conf, on one line or on indented ones. */
export function pipHosts(text: string): string[] {
  return values(text, /^\s*(?:(?:extra-)?index-url|find-links)\s*=\s*(.+(?:\n[ \t]+.+)*)$/gim);
}

/** `index`, `registry` and `dl` of config.toml of cargo, in `[source.*]` and `[registries.*]`. */
export function cargoHosts(text: string): string[] {
  return values(text, /^\s*(?:index|registry|dl|api)\s*=\s*"(?:sparse\+|registry\+)?([^"]+)"/gim);
}

/** `GOPROXY` (names parted by commas or bars, `direct` and `off` are none) and `GOSUMDB` (a name, or name+key and address). */
export function goHosts(proxy: string, sumDatabase: string): string[] {
  const [first = '', ...rest] = sumDatabase.trim().split(/\s+/);
  const sums = rest.length > 0 ? rest : [first.split('+')[0] ?? ''];
  return hostsOf(
    [...proxy.split(/[,|]/), ...sums.filter((name) => name !== 'off').map((name) => (name.includes('//') ? name : `https://${name}`))].join(
      ' ',
    ),
  );
}

/** `<url>` of mirrors, repositories and plugin repositories in settings.xml of Maven. */
export function mavenHosts(text: string): string[] {
  return values(text, /<url>\s*([^<]+?)\s*<\/url>/gi);
}

/** Every web address in a text: gemrc, `gem sources`, help texts that name a default. */
export function hostsOf(text: string): string[] {
  const found: string[] = [];
  for (const [, authority = ''] of text.matchAll(/https?:\/\/([^\s/?#"'<>,)\]]+)/gi)) {
    // A user name and password may stand before the name; they are not ours to know.
    const bare = authority.slice(authority.lastIndexOf('@') + 1);
    const name = parseEgressName(bare);
    if (name !== null) found.push(name.replace(/:(80|443)$/, ''));
  }
  return [...new Set(found)];
}

function values(text: string, pattern: RegExp): string[] {
  return hostsOf([...text.matchAll(pattern)].map((match) => match[1] ?? '').join(' '));
}
