/** A real Gluon for tests: its own home, its own process, a scripted model behind its gateway, driven through the public doors. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ScriptedModel, startScriptedModel } from '../../scripted-model/server.ts';
import type { OperationInput, OperationName, OperationOutput } from '../../src/contract/operations.ts';
import { OPERATIONS } from '../../src/contract/operations.ts';
import type { Run } from '../../src/contract/resources.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const BIN = join(ROOT, 'bin', 'gluon');

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** Both outputs so far. */
  output(): string;
  ended: Promise<CliResult>;
}

export interface GluonOptions {
  environment?: Record<string, string>;
  /** The model; one of its own is started when none is given. */
  model?: ScriptedModel;
  home?: string;
  /** A named fault for the server's process. */
  fault?: string;
  fakeAgent?: boolean;
  config?: string;
  /** Another installation's program for the server. */
  bin?: string;
  /** A command that starts the server's, such as `unshare`; it must become the server (exec). Then only the command line reaches it. */
  through?: string[];
}

export interface Gluon {
  readonly home: string;
  readonly address: string;
  readonly model: ScriptedModel;
  readonly server: ChildProcess;
  readonly token: string;
  /** What the command line of this home gets. */
  readonly environment: Readonly<Record<string, string>>;
  cli(...args: string[]): Promise<CliResult>;
  /** With a file on standard input. */
  piped(from: string, ...args: string[]): Promise<CliResult>;
  cliIn(cwd: string, ...args: string[]): Promise<CliResult>;
  /** The command line as a process of its own, for commands that stay. */
  start(...args: string[]): RunningCli;
  /** The command line with `--json`, parsed. Throws when it fails. */
  json<T>(...args: string[]): Promise<T>;
  call<K extends OperationName>(name: K, input: OperationInput<K>): Promise<OperationOutput<K>>;
  /** A call that may fail: status and body as they are. */
  raw(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<{ status: number; body: unknown }>;
  /** Waits until the run is in one of the states (bounded), and gives it. */
  until(id: string, wanted: (run: Run) => boolean, what: string, timeoutMs?: number): Promise<Run>;
  /** SIGKILL, as a power cut for the process. */
  kill(): Promise<void>;
  /** Waits for the process to end by itself. */
  ended(timeoutMs: number): Promise<number | null>;
  /** A second server on the same home. */
  restart(options?: { fault?: string }): Promise<Gluon>;
  stop(): Promise<void>;
}

export async function temporaryFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `gluon-${name}-`));
}

export async function startGluon(options: GluonOptions = {}): Promise<Gluon> {
  const home = options.home ?? (await temporaryFolder('home'));
  const model = options.model ?? (await startScriptedModel());
  if (options.config !== undefined) await writeFile(join(home, 'config.yml'), options.config);
  const environment = cleanEnvironment(home, model, options);
  const [program = '', ...before] = [...(options.through ?? []), process.execPath, options.bin ?? BIN, 'up'];
  const server = spawn(program, before, {
    env: { ...environment, ...(options.fault === undefined ? {} : { GLUON_FAULT: options.fault }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const address = await addressOf(server);
  const token = (await readFile(join(home, 'token'), 'utf8')).trim();
  return handle({ home, address, model, server, token, environment, options });
}

function cleanEnvironment(home: string, model: Pick<ScriptedModel, 'url'>, options: GluonOptions): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: join(home, 'no-user-home'),
    LANG: 'C.UTF-8',
    GLUON_HOME: home,
    GLUON_PORT: '0',
    GLUON_AUTOSTART: '0',
    ANTHROPIC_API_KEY: 'sk-test-real-credential-of-the-provider',
    ANTHROPIC_BASE_URL: model.url,
    NO_COLOR: '1',
    ...(options.fakeAgent === false ? {} : { GLUON_FAKE_AGENT: '1' }),
    ...options.environment,
  };
}

/** `gluon up` that is expected to refuse: its end. Killed when it serves after all. */
export async function refusedStart(home: string, options: Pick<GluonOptions, 'environment' | 'config'> = {}): Promise<CliResult> {
  if (options.config !== undefined) await writeFile(join(home, 'config.yml'), options.config);
  const environment = { ...cleanEnvironment(home, { url: 'http://127.0.0.1:1' }, {}), ...options.environment };
  const started = startCli(environment, ['up', '--json'], 10_000);
  const end = await started.ended;
  if (end.code === null) throw new Error(`gluon up did not refuse within 10 s: ${started.output()}`);
  return end;
}

function startCli(
  environment: Record<string, string>,
  args: string[],
  timeoutMs: number,
  { cwd, stdin }: { cwd?: string; stdin?: string } = {},
): RunningCli {
  const input = stdin === undefined ? 'ignore' : openSync(stdin, 'r');
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env: environment, stdio: [input, 'pipe', 'pipe'] });
  if (input !== 'ignore') closeSync(input);
  const written = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    written.stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    written.stderr += chunk.toString();
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const ended = new Promise<CliResult>((resolve) =>
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, ...written });
    }),
  );
  return { child, output: () => written.stdout + written.stderr, ended };
}

const START_MS = 20_000;

async function addressOf(server: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('did not start in time'), START_MS);
    const fail = (why: string) => {
      clearTimeout(timer);
      server.kill('SIGKILL');
      reject(new Error(`gluon up ${why}:\n${output}`));
    };
    const look = (chunk: Buffer) => {
      output += chunk.toString();
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (address === undefined) return;
      clearTimeout(timer);
      server.off('exit', onExit);
      resolve(address);
    };
    const onExit = (code: number | null) => fail(`ended with ${code}`);
    server.stdout?.on('data', look);
    server.stderr?.on('data', look);
    server.once('exit', onExit);
  });
}

interface Parts {
  home: string;
  address: string;
  model: ScriptedModel;
  server: ChildProcess;
  token: string;
  environment: Record<string, string>;
  options: GluonOptions;
}

function handle(parts: Parts): Gluon {
  const { home, address, model, server, token } = parts;
  const cliEnvironment = { ...parts.environment, GLUON_PORT: new URL(address).port };

  // Into the namespaces that the server was put into.
  const enter = parts.options.through === undefined ? [] : ['nsenter', '--target', String(server.pid), '--net', '--mount'];
  const [program = '', ...before] = [...enter, process.execPath, BIN];
  const cli = (...args: string[]): Promise<CliResult> =>
    new Promise((resolve) => {
      execFile(
        program,
        [...before, ...args],
        { env: cliEnvironment, maxBuffer: 64 * 1024 * 1024, timeout: 120_000 },
        (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, stdout, stderr });
        },
      );
    });

  const raw: Gluon['raw'] = (method, path, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const call = request(
        `${address}/api${path}`,
        {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            resolve({
              status: answer.statusCode ?? 0,
              body: (answer.headers['content-type'] ?? '').includes('json') ? JSON.parse(text) : text,
            });
          });
        },
      );
      call.on('error', reject);
      call.end(payload);
    });

  const gluon: Gluon = {
    home,
    address,
    model,
    server,
    token,
    environment: cliEnvironment,
    cli,
    piped: (from, ...args) => startCli(cliEnvironment, args, 120_000, { stdin: from }).ended,
    cliIn: (cwd, ...args) => startCli(cliEnvironment, args, 120_000, { cwd }).ended,
    start: (...args) => startCli(cliEnvironment, args, 120_000),
    async json<T>(...args: string[]) {
      const result = await cli(...args, '--json');
      if (result.code !== 0) throw new Error(`gluon ${args.join(' ')} ended with ${result.code}: ${result.stderr}${result.stdout}`);
      return JSON.parse(result.stdout) as T;
    },
    async call(name, input) {
      const { status, body } = await raw(...requestOf(name, input));
      if (status >= 400) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
      return body as never;
    },
    raw,
    async until(id, wanted, what, timeoutMs = 30_000) {
      const end = performance.now() + timeoutMs;
      for (;;) {
        const run = await gluon.call('runs.get', { run: id });
        if (wanted(run)) return run;
        if (performance.now() > end) throw new Error(`waited in vain until ${what}: ${JSON.stringify(run, null, 1)}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    async kill() {
      const ended = exited(server);
      server.kill('SIGKILL');
      await ended;
    },
    ended: (timeoutMs) =>
      Promise.race([
        exited(server),
        new Promise<never>((_, reject) => setTimeout(() => reject(new Error('the server did not end')), timeoutMs).unref()),
      ]),
    restart: (more = {}) => startGluon({ ...parts.options, ...more, home, model }),
    async stop() {
      if (server.exitCode === null && server.signalCode === null) {
        const ended = exited(server);
        server.kill('SIGTERM');
        const timer = setTimeout(() => server.kill('SIGKILL'), 30_000);
        await ended;
        clearTimeout(timer);
      }
      if (parts.options.model === undefined) await model.close();
      if (parts.options.home === undefined) await rm(home, { recursive: true, force: true });
    },
  };
  return gluon;
}

function exited(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

function requestOf<K extends OperationName>(name: K, input: OperationInput<K>): [string, string, unknown?] {
  const operation = OPERATIONS[name];
  const left: Record<string, unknown> = { ...input };
  const path = operation.path.replace(/\{(\w+)\*?\}/g, (_, field: string) => {
    const value = String(left[field]);
    delete left[field];
    return encodeURIComponent(value);
  });
  if (operation.method === 'GET' || operation.method === 'DELETE') {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(left))
      for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) query.append(key, String(one));
    return [operation.method, query.size === 0 ? path : `${path}?${query}`];
  }
  return [operation.method, path, left];
}
