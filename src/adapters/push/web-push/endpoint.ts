/** Where a push service may be: whoever subscribes chooses the address, and the server would go there. */
import { isAddress, isPublicAddress } from '../../../core/net/address.ts';

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<string[]>;

export type CheckedEndpoint =
  | { kind: 'ok'; url: URL; address: string }
  | { kind: 'refused'; why: string }
  | { kind: 'unresolved'; why: string };

/**
 * https on its own port, without credentials, at a public address. Every address of the name has to be public, and the connection goes
 * to the one that was looked at: a name that changes its mind between the look and the call gains nothing.
 */
export async function checkEndpoint(endpoint: string, resolve: Resolve): Promise<CheckedEndpoint> {
  const url = URL.parse(endpoint);
  if (url === null || url.protocol !== 'https:') return refused('it is no https address');
  if (url.username !== '' || url.password !== '') return refused('it carries credentials');
  if (url.port !== '') return refused('it names a port');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isAddress(host)) return isPublicAddress(host) ? { kind: 'ok', url, address: host } : refused('it lies inside a private network');
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)) return refused('its name is no public one');
  let addresses: string[];
  try {
    addresses = await resolve(host);
  } catch (error) {
    return { kind: 'unresolved', why: `its name is not known (${(error as NodeJS.ErrnoException).code ?? 'unknown'})` };
  }
  const [address] = addresses;
  if (address === undefined) return { kind: 'unresolved', why: 'its name has no address' };
  return addresses.every(isPublicAddress) ? { kind: 'ok', url, address } : refused('it lies inside a private network');
}

function refused(why: string): CheckedEndpoint {
  return { kind: 'refused', why };
}
