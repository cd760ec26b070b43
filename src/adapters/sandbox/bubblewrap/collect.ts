/** A command run to its end, with its output collected up to a bound. */
import type { Readable } from 'node:stream';
import type { ConfinedCommand, ConfinedEnd, ConfinedProcess } from '../../../ports/sandbox.ts';

const DEFAULT_MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const MAX_STDERR_BYTES = 64 * 1024;

/** Output beyond the bound ends the command and sets `truncated`; of the error output the first 64 KiB are kept. */
export async function collect<P extends ConfinedProcess>(
  process: P,
  command: ConfinedCommand,
  kill: (process: P) => Promise<void>,
): Promise<ConfinedEnd & { stdout: Uint8Array; stderr: string; truncated: boolean }> {
  let truncated = false;
  const output = gather(process.stdout, command.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES, () => {
    truncated = true;
    void kill(process);
  });
  const errors = gather(process.stderr, MAX_STDERR_BYTES, () => {});
  if (command.input === undefined) process.stdin.end();
  const end = await process.ended;
  return { ...end, stdout: output(), stderr: errors().toString('utf8'), truncated };
}

function gather(stream: Readable, maxBytes: number, onFull: () => void): () => Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    const room = maxBytes - size;
    if (room <= 0) return;
    chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    size += Math.min(chunk.length, room);
    if (chunk.length > room) onFull();
  });
  stream.on('error', () => {
    // The stream broke with its process; what came before counts.
  });
  return () => Buffer.concat(chunks);
}
