/** The environment of this process: nothing else in the code reads it. */

/** A variable's value; undefined when it is not set or empty. */
export function readEnvironment(name: string): string | undefined {
  const value = process.env[name];
  return value === undefined || value === '' ? undefined : value;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A copy of all variables: what an adapter is given at start, so that nobody changes it under the adapter. */
export function captureEnvironment(): Environment {
  return Object.freeze(Object.assign(Object.create(null) as Record<string, string | undefined>, process.env));
}
