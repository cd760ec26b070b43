/** A repository, a scripted model and an agent: what every agent test begins with. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ScriptedModel, startScriptedModel } from '../../../scripted-model/server.ts';
import type { Scenarios } from '../../../scripted-model/types.ts';
import type { AgentDone, AgentEvent, AgentMessage, AgentRun, AgentRuntime, AgentSpec } from '../../../src/ports/agent.ts';
import { type DirectConfinement, directConfinement } from './direct-confinement.ts';

export interface Lab {
  readonly root: string;
  readonly repo: string;
  readonly model: ScriptedModel;
  readonly confinement: DirectConfinement;
  spec(prompt: string, more?: Partial<AgentSpec>): AgentSpec;
  git(...args: string[]): string;
  read(file: string): string | null;
  write(file: string, text: string): void;
  close(): Promise<void>;
}

export const RUN_TOKEN = 'run-token-1';

export async function openLab(scenarios: Scenarios = {}, env: Record<string, string> = {}): Promise<Lab> {
  const root = mkdtempSync(join(tmpdir(), 'gluon-agent-'));
  const repo = join(root, 'repo');
  for (const folder of ['repo', 'home', 'session', 'trusted']) mkdirSync(join(root, folder));
  const model = await startScriptedModel({ scenarios, keepBodies: true });
  const confinement = directConfinement(join(root, 'home'), env);
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', repo, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', HOME: join(root, 'home') },
    });
  git('init', '-q', '-b', 'main');
  writeFileSync(join(repo, 'README.md'), '# Lab\n');
  git('add', '-A');
  git('-c', 'user.name=Lab', '-c', 'user.email=lab@localhost', 'commit', '-qm', 'Begin');
  return {
    root,
    repo,
    model,
    confinement,
    git,
    spec: (prompt, more = {}) => ({
      confinement,
      cwd: repo,
      first: { text: prompt, images: [] },
      sessionId: crypto.randomUUID(),
      session: { kind: 'start' },
      model: 'claude-sonnet-5',
      effort: null,
      mode: 'edit',
      maxTurns: null,
      schema: null,
      model_access: { url: model.url },
      token: RUN_TOKEN,
      trustedConfig: join(root, 'trusted'),
      sessionFolder: join(root, 'session'),
      env: {},
      ...more,
    }),
    read: (file) => (existsSync(join(repo, file)) ? readFileSync(join(repo, file), 'utf8') : null),
    write(file, text) {
      mkdirSync(join(repo, file, '..'), { recursive: true });
      writeFileSync(join(repo, file), text);
    },
    async close() {
      await confinement.close(0);
      await model.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export interface Played {
  events: AgentEvent[];
  done: AgentDone;
}

export interface Reactions {
  /** Called for every event; may send, answer, interrupt or stop. */
  on?: (event: AgentEvent, run: AgentRun, seen: AgentEvent[]) => void;
  /** Messages given after each end of a turn, before `finish`. */
  next?: AgentMessage[];
}

/** Starts an agent, reads its events to the end, and finishes it after its last turn. */
export async function play(runtime: AgentRuntime, spec: AgentSpec, reactions: Reactions = {}): Promise<Played> {
  const run = runtime.start(spec);
  const events: AgentEvent[] = [];
  const next = [...(reactions.next ?? [])];
  for await (const event of run.events) {
    events.push(event);
    reactions.on?.(event, run, events);
    if (event.type !== 'turn_ended') continue;
    const message = next.shift();
    if (message === undefined) run.finish();
    else run.send(message);
  }
  return { events, done: await run.done };
}

export function say(text: string): AgentMessage {
  return { text, images: [] };
}

export function of<T extends AgentEvent['type']>(events: AgentEvent[], type: T): Extract<AgentEvent, { type: T }>[] {
  return events.filter((event): event is Extract<AgentEvent, { type: T }> => event.type === type);
}

export function textOf(events: AgentEvent[]): string {
  return of(events, 'text')
    .filter((event) => event.parent === null)
    .map((event) => event.text)
    .join('\n');
}
