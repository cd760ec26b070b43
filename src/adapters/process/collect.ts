/** A started command taken to its end: fed, its output collected up to a bound. */
import type { Readable } from 'node:stream';
import type { ConfinedCommand, ConfinedEnd, ConfinedProcess, Dialogue } from '../../ports/sandbox.ts';

const DEFAULT_MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const MAX_STDERR_BYTES = 64 * 1024;

export type Collected = ConfinedEnd & { stdout: Uint8Array; stderr: string; truncated: boolean };

/**
 * Output beyond the bound ends the command and sets `truncated`; of the error output the first 64 KiB are kept. `input` of the command is
 * the starter's to feed; a dialogue is led here.
 */
export async function collect<P extends Pick<ConfinedProcess, 'stdin' | 'stdout' | 'stderr' | 'ended'>>(
  process: P,
  command: Pick<ConfinedCommand, 'input' | 'dialogue' | 'maxOutputBytes'>,
  kill: (process: P) => Promise<void>,
): Promise<Collected> {
  let truncated = false;
  const failures: unknown[] = [];
  const fail = (error: unknown): void => {
    failures.push(error);
    void kill(process);
  };
  const output = gather(process.stdout, command.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES, () => {
    truncated = true;
    void kill(process);
  });
  const errors = gather(process.stderr, MAX_STDERR_BYTES, () => {});
  const questionEnd = command.dialogue === undefined ? () => 0 : lead(process, command.dialogue, output, fail);
  if (command.dialogue === undefined && command.input === undefined) process.stdin.end();
  const end = await process.ended;
  if (failures.length > 0) throw failures[0];
  return { ...end, stdout: output().subarray(questionEnd()), stderr: errors().toString('utf8'), truncated };
}

const QUESTION_END = Buffer.from([0, 0]);

/** Says the word, waits for the question, answers it. Gives where the output after the question begins. */
function lead(
  process: Pick<ConfinedProcess, 'stdin' | 'stdout'>,
  dialogue: Dialogue,
  output: () => Buffer,
  fail: (error: unknown) => void,
): () => number {
  let after = 0;
  let seen = 0;
  let endedInNul = false;
  dialogue.begin.then(() => void process.stdin.write('\n'), fail);
  process.stdout.on('data', (chunk: Buffer) => {
    if (after > 0) return;
    const acrossPieces = endedInNul && chunk[0] === 0;
    const at = acrossPieces ? -1 : chunk.indexOf(QUESTION_END);
    if (acrossPieces || at >= 0) {
      after = seen + at + QUESTION_END.length;
      dialogue.answer(output().subarray(0, after - 1)).then((answer) => void process.stdin.end(answer), fail);
    }
    seen += chunk.length;
    endedInNul = chunk.at(-1) === 0;
  });
  return () => after;
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
