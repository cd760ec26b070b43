/** `stdout.log` and `stderr.log` of a run: bytes as they came, up to a limit, read in windows. */
import { appendFile, mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** More than this nobody reads; the transcript has what matters. */
export const MAX_LOG_BYTES = 64 * 1024 * 1024;
const MARKER = Buffer.from('\n[the rest is not kept]\n');

export type LogStream = 'stdout' | 'stderr';

export async function appendProgramLog(folder: string, stream: LogStream, bytes: Uint8Array, maxBytes = MAX_LOG_BYTES): Promise<void> {
  const path = join(folder, `${stream}.log`);
  const size = await sizeOf(path);
  if (size >= maxBytes) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const left = maxBytes - size;
  await appendFile(path, bytes.length <= left ? bytes : Buffer.concat([bytes.subarray(0, left), MARKER]), { mode: 0o600 });
}

/** From `offset`, or the last `limit` bytes. Half a character at a border is left to the neighbouring window. */
export async function readProgramLog(folder: string, stream: LogStream, offset: number | undefined, limit: number) {
  const path = join(folder, `${stream}.log`);
  const total = await sizeOf(path);
  const from = Math.min(offset ?? Math.max(0, total - limit), total);
  if (total === from) return { text: '', offset: from, next_offset: from, total_bytes: total };
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(limit, total - from));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
    const read = buffer.subarray(0, bytesRead);
    const start = offset === undefined && from > 0 ? headOfCharacter(read) : 0;
    const end = from + bytesRead < total ? wholeCharacters(read) : bytesRead;
    return { text: read.subarray(start, end).toString(), offset: from + start, next_offset: from + end, total_bytes: total };
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (facts) => facts.size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return 0;
      throw error;
    },
  );
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

function headOfCharacter(bytes: Buffer): number {
  let at = 0;
  while (at < 3 && isContinuation(bytes[at])) at += 1;
  return at;
}

/** Bytes up to the last whole UTF-8 character. At least one byte, so that a reader of invalid text gets on. */
function wholeCharacters(bytes: Buffer): number {
  let at = bytes.length - 1;
  while (at > 0 && bytes.length - at < 4 && isContinuation(bytes[at])) at -= 1;
  const lead = bytes[at] ?? 0;
  const needed = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return at + needed > bytes.length && at > 0 ? at : bytes.length;
}
