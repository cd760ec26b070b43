/** What a registry itself names: indexes of some tools send them to another host for the files. */
import { createServer } from 'node:net';
import { hostsOf } from '../../../core/net/registry-config.ts';
import { runTool } from '../../process/run-tool.ts';

const ANSWER_TIMEOUT_MS = 4_000;
const MAX_ANSWER_CHARACTERS = 400_000;

/** Hosts named in the answer of an index to one question; none when it does not answer: then its own name alone is known. */
export async function hostsNamedBy(url: string, accept: string): Promise<string[]> {
  try {
    const answer = await fetch(url, { headers: { accept }, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS), redirect: 'follow' });
    return answer.ok ? hostsOf((await answer.text()).slice(0, MAX_ANSWER_CHARACTERS)) : [];
  } catch {
    // Offline, or behind a proxy of its own.
    return [];
  }
}

/** The host that a tool without configuration asks first, overheard by a proxy on loopback that lets nothing through. */
export async function hostAskedBy(
  tool: string,
  args: string[],
  environment: Record<string, string>,
  proxyVariable: string,
): Promise<string | null> {
  let asked: string | null = null;
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (chunk: Buffer) => {
      asked ??= /^CONNECT ([^\s:]+):443 /.exec(chunk.toString('latin1'))?.[1] ?? null;
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  try {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await runTool(tool, args, {
      env: { ...environment, [proxyVariable]: `http://127.0.0.1:${port}` },
      timeoutMs: ANSWER_TIMEOUT_MS,
      maxOutputBytes: 100_000,
    });
  } finally {
    server.close();
  }
  return asked;
}
