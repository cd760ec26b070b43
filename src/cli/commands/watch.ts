/** A live table of all runs, redrawn in place. */
import type { Run } from '../../contract/resources.ts';
import type { CommandCode, CommandContext } from '../command.ts';
import { connectLive } from '../live/connection.ts';
import { plural, usd } from '../terminal/format.ts';
import { printJson } from '../terminal/print.ts';
import { renderTable } from '../terminal/table.ts';
import { runColumns } from './runs.ts';

const TICK_MS = 1_000;
const LIMIT = 200;
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME_AND_CLEAR = '\u001b[H\u001b[J';

export const watch: CommandCode = async (context, args) => {
  const { io, client } = context;
  const project = args.text('project');
  const read = async (): Promise<Run[]> => (await client.call('runs.list', { project, limit: LIMIT })).items;
  if (context.json || !io.out.isTerminal || !io.stdinIsTerminal) return once(context, await read());

  const board = new Board(await read(), project);
  const { promise, resolve, reject } = Promise.withResolvers<0 | 130>();
  const draw = (): void => io.out.write(HOME_AND_CLEAR + board.render(context));
  let reading = false;
  const readAgain = (): void => {
    if (reading) return;
    reading = true;
    read()
      .then((runs) => {
        reading = false;
        board.replace(runs);
        draw();
      })
      .catch(reject);
  };
  let cancelTick = (): void => {};
  const tick = (): void => {
    cancelTick = io.clock.after(TICK_MS, () => {
      draw();
      tick();
    });
  };
  io.out.write(ENTER);
  const disconnect = connectLive(client, io.clock, ['board'], {
    onSync: readAgain,
    onFailure: reject,
    onMessage: (message) => {
      if (message.type === 'run_created') readAgain();
      else if (message.type === 'run_updated' || message.type === 'token_update') board.patch(message.data as Partial<Run>);
      else if (message.type === 'run_removed') board.remove(String((message.data as { id?: unknown }).id));
      draw();
    },
  });
  const unkey = io.onKey((key) => {
    if (key === 'q' || key === '\u001b') return resolve(0);
    if (key === '\u0003') return resolve(130);
    board.scroll(key);
    draw();
  });
  const unlisten = io.onInterrupt(() => resolve(130));
  tick();
  draw();
  try {
    return await promise;
  } finally {
    cancelTick();
    disconnect();
    unkey();
    unlisten();
    io.out.write(LEAVE);
  }
};

function once(context: CommandContext, runs: Run[]): 0 {
  if (context.json) printJson(context.io, { items: runs });
  else context.io.out.write(renderTable(runs, runColumns(context.io.clock.nowMs()), context.io.out.columns(), context.style));
  return 0;
}

const ORDER: readonly Run['status'][] = ['running', 'review', 'pending', 'failed', 'completed', 'cancelled'];

/** What is on the screen: the runs, what needs somebody first, and how far it is scrolled. */
export class Board {
  #runs: Run[];
  #top = 0;
  readonly #project: string | undefined;

  constructor(runs: readonly Run[], project?: string) {
    this.#runs = [...runs];
    this.#project = project;
  }

  replace(runs: readonly Run[]): void {
    this.#runs = [...runs];
  }

  patch(changed: Partial<Run>): void {
    this.#runs = this.#runs.map((run) => (run.id === changed.id ? { ...run, ...changed } : run)).filter((run) => !run.archived);
  }

  remove(id: string): void {
    this.#runs = this.#runs.filter((run) => run.id !== id);
  }

  scroll(key: string): void {
    const steps: Record<string, number> = { '\u001b[A': -1, k: -1, '\u001b[B': 1, j: 1, '\u001b[5~': -10, '\u001b[6~': 10 };
    this.#top = Math.min(Math.max(0, this.#top + (steps[key] ?? 0)), Math.max(0, this.#runs.length - 1));
  }

  render(context: Pick<CommandContext, 'io' | 'style'>): string {
    const { io, style } = context;
    const ordered = this.#runs.toSorted((a, b) => rank(a) - rank(b) || b.created_at.localeCompare(a.created_at));
    const room = Math.max(1, (io.out.rows() ?? 24) - 4);
    this.#top = Math.min(this.#top, Math.max(0, ordered.length - room));
    const cost = ordered.reduce((sum, run) => sum + (run.cost_usd ?? 0), 0);
    const running = ordered.filter((run) => run.status === 'running').length;
    const scope = this.#project === undefined ? '' : ` of ${this.#project}`;
    const head = `${style('bold', 'Gluon')}  ${plural(ordered.length, 'run')}${scope}, ${running} running, ${usd(cost)}`;
    const table = renderTable(ordered.slice(this.#top, this.#top + room), runColumns(io.clock.nowMs()), io.out.columns(), style);
    return `${head}\n\n${table}${style('dim', 'q quit   ↑ ↓ scroll')}`;
  }
}

/** Runs that ask come first. */
function rank(run: Run): number {
  return run.pending_questions > 0 ? -1 : ORDER.indexOf(run.status);
}
