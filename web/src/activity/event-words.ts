/** What an event says to people: one sentence per type, made from its payload alone. Pure. */
import type { EventPayload, EventType } from '../../../src/contract/events.ts';
import type { GluonEvent } from '../../../src/contract/resources.ts';
import { outcomeWords } from '../run/status-words.ts';
import { bytes, dateTime, money, words } from '../ui/format.ts';

/** What an event is about; one icon each, and one entry of the filter. */
export type Topic = 'run' | 'attempt' | 'work' | 'question' | 'message' | 'network' | 'money' | 'project' | 'server' | 'trouble';

export interface EventWords {
  readonly topic: Topic;
  readonly text: string;
}

type Teller<T extends EventType> = (payload: EventPayload<T>) => string;
type Entry<T extends EventType> = readonly [Topic, Teller<T> | string];

/** With the run's name beside it: sentences leave it out. */
const WORDS: { readonly [T in EventType]: Entry<T> } = {
  'project.added': ['project', ({ project, path }) => `Project ${project} was added: ${path}`],
  'project.updated': ['project', ({ project, fields }) => `Project ${project} was changed: ${names(fields)}`],
  'project.removed': ['project', ({ project }) => `Project ${project} was removed; its repository is untouched`],
  'workspace.added': ['project', ({ workspace, path }) => `Workspace ${workspace} was added: ${path}`],
  'workspace.scanned': ['project', ({ workspace, found }) => `Workspace ${workspace} was searched: ${foundWords(found)}`],
  'workspace.removed': ['project', ({ workspace }) => `Workspace ${workspace} was removed`],
  'setting.changed': ['server', ({ key }) => `Setting ${key} was changed`],
  'push.subscribed': ['server', ({ user }) => `A browser of ${user} gets notifications`],
  'push.unsubscribed': ['server', ({ why }) => `A browser gets notifications no more: ${why}`],
  'push.failed': ['trouble', ({ why }) => `A notification could not be sent: ${why}`],
  'config.rejected': ['trouble', ({ why }) => `config.yml could not be read, the last good one stays in force: ${why}`],

  'run.created': ['run', ({ branch }) => (branch === null ? 'Submitted' : `Submitted on ${branch}`)],
  'run.updated': ['run', ({ fields }) => `Changed: ${names(fields)}`],
  'run.moved': ['run', ({ from, to }) => `Moved from ${words(from)} to ${words(to)}`],
  'run.queued': ['run', ({ why }) => `Waits for a slot again: ${why}`],
  'run.waiting_changed': ['run', ({ waiting }) => (waiting === null ? 'Waits no more' : waitWords(waiting))],
  'run.ended': ['run', ({ status, outcome, detail }) => `${words(status)}: ${withDetail(outcomeWords(outcome) ?? words(outcome), detail)}`],
  'run.cancelled': ['run', 'Stopped by a person; its work is kept'],
  'run.archived': ['run', 'Archived'],
  'run.unarchived': ['run', 'Brought back from the archive'],
  'run.forgotten': ['run', ({ run, title, why }) => `Run ${short(run)} “${title}” was taken off the books: ${why}`],
  'run.forked': ['run', ({ into }) => `Forked into ${String(into).slice(0, 8)}`],
  'run.merged': ['work', ({ base, commit }) => `Merged into ${base} as ${short(commit)}`],
  'run.merge_refused': [
    'trouble',
    ({ base, why, files }) => `Not merged into ${base}: ${withDetail(why, files?.length ? names(files) : '')}`,
  ],

  'attempt.started': [
    'attempt',
    ({ number, kind }) => `Attempt ${number} started${kind === 'start' ? '' : ` (${words(kind).toLowerCase()})`}`,
  ],
  'attempt.process_started': [
    'attempt',
    ({ number, sandbox, version }) => `Attempt ${number}: the agent runs${version === null ? '' : ` (${version})`}, sandbox ${sandbox}`,
  ],
  'attempt.ended': [
    'attempt',
    ({ number, outcome, detail }) => `Attempt ${number} ended: ${withDetail(outcomeWords(outcome) ?? words(outcome), detail)}`,
  ],
  'attempt.write_refused': ['trouble', ({ epoch }) => `A late write of an older attempt was refused (epoch ${epoch})`],

  'working_copy.created': ['work', ({ branch }) => `Working copy made on ${branch}`],
  'working_copy.removed': ['work', 'Working copy removed; everything in it was rescued first'],
  'working_copy.restored': ['work', 'Working copy brought back'],
  'working_copy.script_ended': ['work', ({ script, exit_code }) => `The ${script} script ended with ${exit_code ?? 'a signal'}`],
  'work.imported': ['work', ({ commits, head }) => `${commits} ${commits === 1 ? 'commit' : 'commits'} came in, up to ${short(head)}`],
  'work.import_refused': ['trouble', ({ why }) => `The commits were not taken: ${why}`],

  'question.asked': ['question', 'The agent asks'],
  'question.answered': ['question', ({ by }) => `Question answered by ${by}`],
  'question.parked': ['question', 'Nobody answered in time: the run waits for an answer'],
  'follow_up.queued': ['message', ({ now }) => (now ? 'A message for the agent, at once' : 'A message for the agent, after its turn')],
  'follow_up.delivered': ['message', 'The agent got a message'],
  'follow_up.withdrawn': ['message', 'A message was taken back'],

  'egress.refused': ['network', ({ host, port, why }) => `Connection to ${host}:${port} refused: ${why}`],
  'egress.allowed': ['network', ({ host, scope }) => `${host} was allowed for the ${scope}`],
  'egress.denied': ['network', ({ host, scope }) => `${host} was taken off the list of the ${scope}`],
  'egress.policy_set': [
    'network',
    ({ egress }) => `May now reach ${Array.isArray(egress) ? names(egress) || 'nothing' : (EGRESS[egress] ?? egress)}`,
  ],
  'egress.limit_reached': ['network', ({ bytes: moved }) => `Moved more than it may: ${bytes(moved)}`],

  'budget.warned': ['money', ({ spent_usd, cap_usd }) => `${money(spent_usd)} of ${money(cap_usd)} are spent`],
  'budget.refused': [
    'money',
    ({ spent_usd, reserved_usd, cap_usd }) =>
      `A model call was refused: ${money(spent_usd)} spent, ${money(reserved_usd)} reserved, cap ${money(cap_usd)}`,
  ],
  'model.rate_limited': [
    'money',
    ({ until, why }) => `The provider holds back${until === null ? '' : ` until ${dateTime(until)}`}: ${why}`,
  ],
  'model.call_refused': ['money', ({ why }) => `A model call was refused: ${why}`],

  'transcript.lost': ['trouble', ({ why }) => `A transcript was damaged, what was readable is kept: ${why}`],
  'attachment.stored': ['message', 'An image was stored'],
  'reconcile.repaired': ['server', ({ what }) => `Repaired: ${what}`],
  'server.started': ['server', ({ version }) => `Gluon ${version} is up`],
  'server.stopped': ['server', 'Gluon went down in good order'],
  'problem.noted': ['trouble', ({ where, why }) => `${words(where)}: ${why}`],
};

const EGRESS: Readonly<Record<string, string>> = { none: 'nothing but the model', packages: 'the package registries', all: 'everything' };

/** Every type of event, in the order of the filter. */
export const EVENT_TYPES = Object.keys(WORDS) as EventType[];

/** Never throws: an event of a newer or older server says at least its type. */
export function eventWords(event: Pick<GluonEvent, 'type' | 'payload'>): EventWords {
  const [topic, tell] = (Object.hasOwn(WORDS, event.type) ? WORDS[event.type as EventType] : null) ?? ['server', typeWords(event.type)];
  if (typeof tell === 'string') return { topic, text: tell };
  try {
    return { topic, text: (tell as (payload: object) => string)(event.payload) };
  } catch {
    // A payload of another version lacks a field that the sentence needs.
    return { topic, text: typeWords(event.type) };
  }
}

/** `run.merge_refused` → `Run: merge refused`. */
export function typeWords(type: string): string {
  const [group = '', ...rest] = type.split('.');
  return rest.length === 0 ? words(group) : `${words(group)}: ${words(rest.join(' ')).toLowerCase()}`;
}

/** `cli` → `Command line`; `web:vera` → `vera`. */
export function actorWords(actor: string): string {
  const [kind = '', name] = actor.split(':', 2);
  return name ?? ACTORS[kind] ?? actor;
}

const ACTORS: Readonly<Record<string, string>> = {
  web: 'Web page',
  cli: 'Command line',
  api: 'Program',
  mcp: 'MCP',
  chat: 'Chat',
  agent: 'Agent',
  gluon: 'Gluon',
  gateway: 'Gateway',
};

function waitWords({ reason, detail }: { reason: string; detail: string }): string {
  return withDetail(`Waits (${words(reason).toLowerCase()})`, detail);
}

function withDetail(text: string, detail: string): string {
  return detail ? `${text}. ${detail}` : text;
}

function foundWords(found: readonly string[]): string {
  return found.length === 0 ? 'nothing new' : `found ${names(found)}`;
}

const MOST_NAMES = 5;

function names(all: readonly string[]): string {
  const shown = all.slice(0, MOST_NAMES).join(', ');
  return all.length > MOST_NAMES ? `${shown} and ${all.length - MOST_NAMES} more` : shown;
}

function short(commit: string): string {
  return commit.slice(0, 8);
}
