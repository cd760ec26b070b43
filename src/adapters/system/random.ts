import { randomBytes, randomUUID } from 'node:crypto';
import type { Random } from '../../ports/system.ts';

/** Randomness of the operating system; `fraction` alone is not fit for secrets. */
export function systemRandom(): Random {
  return {
    id: () => randomUUID().replaceAll('-', ''),
    uuid: () => randomUUID(),
    token: () => randomBytes(32).toString('base64url'),
    fraction: () => Math.random(),
  };
}
