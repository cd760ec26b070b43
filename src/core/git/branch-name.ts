/** The one validator of branch names that Gluon makes or changes. Narrower than git's own rules on purpose: an allow-list. */

declare const brand: unique symbol;
/** A name that cannot be taken for an option, a revision expression or a full reference. */
export type BranchName = string & { readonly [brand]: 'BranchName' };

/** Letters, digits and `._+-`, parts joined by slashes; a part starts with a letter, a digit or an underscore. */
const SHAPE = /^[A-Za-z0-9_][A-Za-z0-9._+-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._+-]*)*$/;
/** File systems end a name at 255 bytes, and `.lock` and a prefix must fit beside it. */
const MAX_LENGTH = 200;
/** Read by git as something else than a branch. */
const RESERVED = /^(?:refs|HEAD|[A-Z_]+_HEAD)(?:\/|$)/;
const OBJECT_NAME = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Null when the name is refused. */
export function parseBranchName(name: string): BranchName | null {
  if (name.length > MAX_LENGTH || !SHAPE.test(name)) return null;
  if (name.includes('..') || RESERVED.test(name) || OBJECT_NAME.test(name)) return null;
  if (name.split('/').some((part) => part.endsWith('.') || part.toLowerCase().endsWith('.lock'))) return null;
  return name as BranchName;
}
