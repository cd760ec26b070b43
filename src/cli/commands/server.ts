/** Commands about the server itself. */
import { GluonError } from '../../contract/errors.ts';
import type { DoctorFinding } from '../../contract/resources.ts';
import type { CommandCode, CommandContext } from '../command.ts';
import { homeFolder, namesServer, readToken } from '../server-place.ts';
import { oneLine, usd } from '../terminal/format.ts';
import { printJson, printResult } from '../terminal/print.ts';
import type { Paint } from '../terminal/style.ts';
import { renderFields } from '../terminal/table.ts';
import { openPage } from './web.ts';

/** Attempts get their polite stop and the database is closed within this. */
const STOP_WAIT_MS = 30_000;
/** A process that is gone may stay in the table where its parent does not collect it. */
const ZOMBIE_WAIT_MS = 1_000;
const LOOK_EVERY_MS = 50;

/** Serves until it is told to stop: Ctrl-C, a polite signal, or `gluon down`. */
export const up: CommandCode = async (context, args) => {
  const { io } = context;
  let signalled: 'SIGINT' | 'SIGTERM' | null = null;
  // Before anything is opened: a signal in the middle of the start ends in good order too.
  const interrupted = new Promise<void>((resolve) => {
    io.onInterrupt((signal) => {
      signalled ??= signal;
      resolve();
    });
  });
  const server = await io.startServer();
  if (context.json) printJson(io, { version: io.version, address: server.address });
  else io.out.write(`Gluon ${io.version} listens on ${server.address}\n`);
  if (args.flag('open')) await openPage(context, server.address);
  await Promise.race([server.stopped, interrupted]);
  if (signalled === null) return 0;
  io.err.write('gluon: stopping in good order; running runs go on at the next start.\n');
  await server.stop();
  return signalled === 'SIGINT' ? 130 : 0;
};

export const down: CommandCode = async (context) => {
  const { client } = context;
  const place = await client.placeNow();
  if (place === null) {
    printResult(context, { stopped: false }, () => 'No Gluon runs here.\n');
    return 0;
  }
  const { pid } = await client.call('system.status', {});
  await client.call('system.stop', {});
  await untilDown(context, pid);
  printResult(context, { stopped: true }, () => 'Gluon is down; running runs go on at its next start.\n');
  return 0;
};

/** Down is: nothing answers, and the process is gone or (a zombie that nobody collects) has at least given its home back. */
async function untilDown(context: CommandContext, pid: number): Promise<void> {
  const { clock, processIsOurs } = context.io;
  const deadlineMs = clock.monotonicMs() + STOP_WAIT_MS;
  let silentSinceMs: number | null = null;
  while (clock.monotonicMs() < deadlineMs) {
    const answers = await stillAnswers(context);
    if (!answers && !processIsOurs(pid)) return;
    if (!answers) silentSinceMs ??= clock.monotonicMs();
    const homeIsFree = silentSinceMs !== null && !(await namesServer(homeFolder(context.io)));
    if (homeIsFree && clock.monotonicMs() - (silentSinceMs ?? 0) > ZOMBIE_WAIT_MS) return;
    await clock.sleep(LOOK_EVERY_MS);
  }
  throw new GluonError('shutting_down');
}

async function stillAnswers(context: CommandContext): Promise<boolean> {
  if ((await context.client.placeNow()) === null) return false;
  try {
    await context.client.call('system.health', {});
    return true;
  } catch (error) {
    return !(error instanceof GluonError && error.code === 'server_unreachable');
  }
}

export const status: CommandCode = async (context) => {
  const shown = await context.client.call('system.status', {});
  printResult(context, shown, () =>
    renderFields(
      [
        ['Gluon', `${oneLine(shown.version)} (process ${shown.pid})${shown.accepting ? '' : ', going down'}`],
        ['Address', oneLine(shown.address)],
        ['Home', oneLine(shown.home)],
        ['Up since', shown.started_at],
        ['Projects', String(shown.projects)],
        ['Runs', runCounts(shown.runs)],
        ['Open questions', String(shown.open_questions)],
        ['Runs at a time', String(shown.max_concurrent_runs)],
        ['Provider', providerText(shown.provider)],
        ['Cost today', usd(shown.cost_today_usd)],
      ],
      context.style,
    ),
  );
  return 0;
};

function runCounts(runs: Record<string, number>): string {
  const parts = Object.entries(runs).filter(([, amount]) => amount > 0);
  return parts.length === 0 ? 'none' : parts.map(([name, amount]) => `${amount} ${oneLine(name)}`).join(', ');
}

function providerText(provider: { configured: boolean; source: string | null; base_url: string }): string {
  return provider.configured ? `${oneLine(provider.base_url)} (${oneLine(provider.source ?? '?')})` : 'no credential: see gluon doctor';
}

const MARKS: Record<DoctorFinding['status'], [string, Paint]> = {
  pass: ['ok', 'green'],
  warn: ['warn', 'yellow'],
  fail: ['fail', 'red'],
  skip: ['skip', 'dim'],
};

export const doctor: CommandCode = async (context, args) => {
  const report = await context.client.call('system.doctor', { fix: args.flag('fix') });
  printResult(context, report, () => {
    const lines = report.findings.map((finding) => findingText(context, finding));
    const fixable = report.findings.some((finding) => finding.fixable && (finding.status === 'fail' || finding.status === 'warn'));
    const advice = fixable && !args.flag('fix') ? 'Some of it can be fixed: gluon doctor --fix\n' : '';
    return `${lines.join('')}${report.healthy ? 'Healthy.' : 'Not healthy.'}\n${advice}`;
  });
  return report.healthy ? 0 : 1;
};

function findingText(context: CommandContext, finding: DoctorFinding): string {
  const [word, paint] = MARKS[finding.status];
  const fix = finding.fix === null || finding.status === 'pass' ? '' : `       ${oneLine(finding.fix)}\n`;
  return `${context.style(paint, word.padEnd(5))}  ${oneLine(finding.title)}${finding.detail === '' ? '' : `: ${oneLine(finding.detail)}`}\n${fix}`;
}

export const version: CommandCode = async (context) => {
  const server = await serverVersion(context);
  printResult(context, { version: context.io.version, server }, () => {
    const other = server === null || server === context.io.version ? '' : `server ${oneLine(server)} (restart it: gluon down, gluon up)\n`;
    return `gluon ${context.io.version}\n${other}`;
  });
  return 0;
};

async function serverVersion(context: CommandContext): Promise<string | null> {
  if ((await context.client.placeNow()) === null) return null;
  try {
    return (await context.client.call('system.version', {})).version;
  } catch {
    // The version of this program is the answer; that of a server is an addition where one answers.
    return null;
  }
}

/** The token of the home, for the Authorization header of scripts. */
export const printToken: CommandCode = async (context) => {
  const home = homeFolder(context.io);
  let token = await readToken(home);
  if (token === '') {
    await context.client.place();
    token = await readToken(home);
  }
  if (token === '') throw new GluonError('file_unreadable', { path: `${home}/token`, why: 'there is none' });
  printResult(context, { token }, () => `${token}\n`);
  return 0;
};

export const demo: CommandCode = async (context) => {
  const text =
    'The demo needs no account: run "npm run demo" in the folder of Gluon. It starts a server with a scripted model and a sample project.';
  printResult(context, { how: 'npm run demo' }, () => `${text}\n`);
  return 0;
};
