/** Gluon as its own process, as a person starts it, and calls to it as the command line makes them. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { httpAgent, requestJson } from '../../cli/http-request.ts';
import { operationRequest } from '../../contract/operation-request.ts';
import { OPERATION_ROUTES } from '../../contract/operation-routes.gen.ts';
import type { OperationInput, OperationName, OperationOutput } from '../../contract/operations.ts';

export interface DemoServer {
  readonly address: string;
  call<K extends OperationName>(name: K, input: OperationInput<K>): Promise<OperationOutput<K>>;
  stop(): Promise<void>;
}

const START_MS = 20_000;

export async function startDemoServer(launcher: string, environment: Record<string, string>): Promise<DemoServer> {
  const child = spawn(process.execPath, [launcher, 'up'], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let output = '';
  const address = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Gluon did not start:\n${output}`)), START_MS);
    const look = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('exit', (code) => reject(new Error(`Gluon ended with ${code}:\n${output}`)));
  });
  const token = (await readFile(join(environment.GLUON_HOME ?? '', 'token'), 'utf8')).trim();
  const place = { address, port: Number(new URL(address).port), token };
  const agent = httpAgent();
  return {
    address,
    async call<K extends OperationName>(name: K, input: OperationInput<K>) {
      const { method, path, body } = operationRequest(OPERATION_ROUTES[name], input);
      const answer = await requestJson(place, method, path, body, agent);
      if (answer.status >= 400) throw new Error(`${name}: ${JSON.stringify(answer.body)}`);
      return answer.body as OperationOutput<K>;
    },
    async stop() {
      agent.destroy();
      child.kill('SIGTERM');
      await ended;
    },
  };
}
