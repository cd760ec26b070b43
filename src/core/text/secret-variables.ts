/** Which variables of an environment hold secrets, by what they are called. */

const SECRET_NAME = /(?:^|_)(?:token|secret|passw(?:or)?d|passphrase|pwd|credentials?|auth|dsn|key|apikey)(?:_|$)/i;

/** Values that are to be kept out of everything that is written. How short a secret may be is decided where it is redacted. */
export function secretValues(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment)
    .filter(([name]) => SECRET_NAME.test(name))
    .map(([, value]) => value);
}
