import { createHash } from 'node:crypto';

/** SHA-256 as hex: how a secret is kept that only has to be known again. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
