/**
 * The receiving side of every import: a pack from a sandbox is indexed in quarantine, checked as strictly as git can, and only
 * then moved into the project. Until then nothing in the project has changed.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GluonError } from '../../../contract/errors.ts';
import type { GitScope } from './git-exec.ts';
import type { GitContext, Repository } from './repository.ts';

export interface ReceiveSpec {
  tip: string;
  pack: Buffer;
  maxBytes: number;
  maxObjects: number;
  /** Findings of fsck that do not matter for objects that nobody checks out outside a sandbox. */
  tolerate: readonly string[];
}

/** What a rescue may hold: it is kept as it was, however odd. */
export const RESCUE_TOLERATES = [
  'gitmodulesUrl',
  'gitmodulesName',
  'gitmodulesPath',
  'gitmodulesUpdate',
  'gitmodulesSymlink',
  'gitmodulesParse',
  'gitmodulesBlob',
  'gitmodulesLarge',
  'gitmodulesMissing',
];

/** The pack stays protected from any gc until `release` is called, after a reference names the tip. */
export interface Received {
  release(): Promise<void>;
}

export async function receivePack(context: GitContext, repository: Repository, spec: ReceiveSpec): Promise<Received> {
  const count = objectCount(spec);
  // On the file system of the objects, so that the last step is a rename.
  const quarantine = await mkdtemp(join(repository.objects, incomingPrefix(context)));
  try {
    const scope: GitScope = { ...repository.content, objects: { write: quarantine, read: [repository.objects] } };
    if (count > 0) await indexPack(context, scope, spec);
    // Both to their ends: what they read is taken away afterwards.
    const [types, connected] = await Promise.allSettled([
      count > 0 ? refuseBombs(context, scope, spec.maxBytes) : new Map<string, string>(),
      refuseIncomplete(context, repository, scope, spec.tip),
    ]);
    if (types.status === 'rejected') throw types.reason;
    await refuseOtherThanCommit(context, scope, spec.tip, types.value.get(spec.tip));
    if (connected.status === 'rejected') throw connected.reason;
    const kept = await migrate(join(quarantine, 'pack'), join(repository.objects, 'pack'));
    return { release: async () => rm(kept, { force: true }) };
  } finally {
    await rm(quarantine, { recursive: true, force: true });
  }
}

/** Several homes may work on one repository: each clears away only what is its own. */
const tagOf = (context: GitContext): string => createHash('sha256').update(context.stateFolder).digest('hex').slice(0, 8);
const incomingPrefix = (context: GitContext): string => `incoming-gluon-${tagOf(context)}-`;
const keepMark = (context: GitContext): string => `gluon-${tagOf(context)}`;

/** What a crash left of an import, at a start: nothing is on its way in. A pack that nothing refers to is left to the next gc. */
export async function clearReceived(context: GitContext, repository: Repository): Promise<void> {
  for (const name of await readdir(repository.objects))
    if (name.startsWith(incomingPrefix(context))) await rm(join(repository.objects, name), { recursive: true, force: true });
  const packs = join(repository.objects, 'pack');
  for (const name of await readdir(packs).catch(() => [])) {
    if (!name.endsWith('.keep')) continue;
    const path = join(packs, name);
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.trim() === keepMark(context)) await rm(path, { force: true });
  }
}

/** From the pack's own header, before anything is unpacked. */
function objectCount(spec: ReceiveSpec): number {
  const { pack } = spec;
  if (pack.length === 0) return 0;
  if (pack.length > spec.maxBytes) throw refused(`they have ${pack.length} bytes; the limit is ${spec.maxBytes}`);
  if (pack.length < 12 || pack.toString('latin1', 0, 4) !== 'PACK') throw refused('what came is not a pack');
  const count = pack.readUInt32BE(8);
  if (count > spec.maxObjects) throw refused(`they have ${count} objects; the limit is ${spec.maxObjects}`);
  return count;
}

async function indexPack(context: GitContext, scope: GitScope, spec: ReceiveSpec): Promise<void> {
  const strict = spec.tolerate.length === 0 ? '--strict' : `--strict=${spec.tolerate.map((id) => `${id}=ignore`).join(',')}`;
  const end = await context.git.end({
    ...scope,
    writes: true,
    // Blobs above 16 MiB are streamed: a small pack that inflates to gigabytes does not fill the memory.
    settings: ['core.bigFileThreshold=16m', 'pack.threads=1'],
    args: ['index-pack', '--stdin', '--fix-thin', strict, `--keep=${keepMark(context)}`, `--max-input-size=${spec.maxBytes}`],
    input: spec.pack,
    timeoutMs: 600_000,
  });
  if (end.exitCode !== 0) throw refused(`they do not pass the check (${firstReason(end.stderr)})`);
}

/** Compressed, a pack says nothing of what its objects become. Gives the type of every object that came. */
async function refuseBombs(context: GitContext, scope: GitScope, maxObjectBytes: number): Promise<Map<string, string>> {
  const listing = await context.git.text({
    ...scope,
    // Without the project's objects: the quarantine alone is listed, and its pack is complete in itself.
    objects: { write: scope.objects?.write ?? '' },
    args: ['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objectname) %(objecttype) %(objectsize)'],
  });
  const types = new Map<string, string>();
  for (const line of listing.split('\n')) {
    const [name = '', type = '', size = ''] = line.split(' ');
    if (!/^\d+$/.test(size)) throw refused('the size of one of them could not be read');
    if (Number(size) > maxObjectBytes) throw refused(`one of them has ${size} bytes; the limit is ${maxObjectBytes}`);
    types.set(name, type);
  }
  return types;
}

/** `known`: the type of the tip, when it is among what came. */
async function refuseOtherThanCommit(context: GitContext, scope: GitScope, tip: string, known: string | undefined): Promise<void> {
  const type = known ?? (await context.git.end({ ...scope, args: ['cat-file', '-t', tip] })).stdout.toString('utf8').trim();
  if (type !== 'commit') throw refused('the commit that was named did not come');
}

/** Everything that the tip needs is here. */
async function refuseIncomplete(context: GitContext, repository: Repository, scope: GitScope, tip: string): Promise<void> {
  const walk = await context.git.end({
    ...scope,
    gitDir: repository.commonDir,
    args: ['rev-list', '--objects', '--quiet', tip, '--not', '--all'],
    timeoutMs: 300_000,
  });
  if (walk.exitCode !== 0) throw refused(`they are not complete (${firstReason(walk.stderr)})`);
}

/** Gives the path of the file that keeps the pack. The index comes last: from then on git sees the pack. */
async function migrate(from: string, to: string): Promise<string> {
  const names = await readdir(from).catch(() => []);
  const order = ['.keep', '.pack', '.rev', '.idx'];
  const rank = (name: string) => order.findIndex((ending) => name.endsWith(ending));
  for (const name of names.filter((candidate) => rank(candidate) >= 0).sort((a, b) => rank(a) - rank(b))) {
    await rename(join(from, name), join(to, name));
  }
  return join(to, names.find((name) => name.endsWith('.keep')) ?? '.gluon-no-pack.keep');
}

function refused(why: string): GluonError {
  return new GluonError('import_refused', { why });
}

function firstReason(stderr: string): string {
  const line = stderr.split('\n').find((candidate) => /^(?:fatal|error): /.test(candidate)) ?? 'no reason given';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: untrusted text is made plain
  return line.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?').slice(0, 200);
}
