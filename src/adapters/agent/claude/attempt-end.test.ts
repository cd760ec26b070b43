import { describe, expect, it } from 'vitest';
import { attemptEndOf, type EndFacts } from './attempt-end.ts';
import type { TurnEnd } from './turn-end.ts';

const turn = (outcome: TurnEnd['outcome']): TurnEnd => ({ outcome, detail: 'd', text: '', structured: null, resumable: true });
const exit = (exitCode: number | null, signal: string | null = null) => ({ exitCode, signal, exceeded: null });

const BASE: EndFacts = {
  turn: turn('completed'),
  turnOpen: false,
  exit: exit(0),
  exceeded: null,
  stopped: false,
  fatal: null,
  limitUntilMs: null,
  started: true,
  planned: false,
  thrown: null,
  stderrTail: '',
};

describe('the end of an attempt', () => {
  it.each<[string, Partial<EndFacts>, string]>([
    ['is the end of its last turn', {}, 'completed'],
    ['is a success even when it had to be stopped after its work', { stopped: true, exit: exit(null, 'SIGKILL') }, 'completed'],
    ['is a success even when a child hit a cap on the way', { exceeded: 'memory' }, 'completed'],
    ['is an interruption when it was stopped in a turn', { stopped: true, turnOpen: true }, 'interrupted'],
    ['names the cap that killed it', { exceeded: 'memory', turnOpen: true, exit: exit(137) }, 'resource_memory'],
    [
      'names the cap that its process reports',
      { turn: null, turnOpen: true, exit: { exitCode: null, signal: 'SIGKILL', exceeded: 'pids' } },
      'resource_pids',
    ],
    ['is auth when that is why we ended it', { fatal: 'auth', turn: null, turnOpen: true, exit: exit(143) }, 'auth'],
    ['is billing likewise', { fatal: 'billing', turn: null, turnOpen: true }, 'billing'],
    ['is a handed-over plan, though the turn was cut for it', { planned: true, turn: turn('interrupted') }, 'completed'],
    ['is no plan while the turn goes on', { planned: true, turn: null, turnOpen: true, exit: exit(1) }, 'agent_exit'],
    ['is the exit when there was no result', { turn: null, turnOpen: true, exit: exit(3) }, 'agent_exit'],
    ['is the exit when it died in a later turn', { turnOpen: true, exit: exit(null, 'SIGSEGV') }, 'agent_exit'],
  ])('%s', (_name, facts, outcome) => {
    expect(attemptEndOf({ ...BASE, ...facts }).outcome).toBe(outcome);
  });

  it('carries the time of a limit with rate_limited alone', () => {
    expect(attemptEndOf({ ...BASE, turn: turn('rate_limited'), limitUntilMs: 5 }).untilMs).toBe(5);
    expect(attemptEndOf({ ...BASE, limitUntilMs: 5 }).untilMs).toBeNull();
  });

  it('tells how the program ended, with its last words', () => {
    const end = attemptEndOf({ ...BASE, turn: null, turnOpen: true, exit: exit(3), stderrTail: 'one\nlast words\n' });
    expect(end).toMatchObject({ exitCode: 3, detail: 'The agent program exited with code 3: last words' });
  });

  it('says that the session is gone, however the program said so', () => {
    const refused = { ...turn('agent_exit'), resumable: false };
    expect(attemptEndOf({ ...BASE, turn: refused })).toMatchObject({ resumable: false, sessionGone: true });
    const thrown = 'No conversation found with session ID';
    expect(attemptEndOf({ ...BASE, turn: null, turnOpen: true, thrown })).toMatchObject({ resumable: false, sessionGone: true });
    expect(attemptEndOf({ ...BASE, turn: turn('agent_exit') }).sessionGone).toBeUndefined();
  });

  it('cannot be resumed when the session never began', () => {
    expect(attemptEndOf({ ...BASE, turn: null, turnOpen: true, started: false }).resumable).toBe(false);
  });
});
