import { closeSync, constants, fchmodSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

export interface RotatingFile {
  write(line: string): void;
  close(): void;
  /** Lines that could not be written, for instance on a full disk. */
  readonly dropped: number;
}

/**
 * Appends lines to a file of mode 0600; beyond `maxBytes` the file becomes `<path>.1`, the older ones move on, and only `keep` old
 * ones stay. Writes are synchronous, so that the last line before a crash is there. A line that cannot be written is dropped and
 * counted: a full disk must not stop the work.
 */
export function rotatingFile(path: string, maxBytes: number, keep: number): RotatingFile {
  let fd = openForAppend(path);
  let bytes = fstatSync(fd).size;
  let dropped = 0;
  return {
    write(line) {
      const length = Buffer.byteLength(line);
      try {
        if (fd >= 0 && bytes > 0 && bytes + length > maxBytes) {
          closeSync(fd);
          fd = -1;
          rotate(path, keep);
        }
        if (fd < 0) {
          fd = openForAppend(path);
          bytes = fstatSync(fd).size;
        }
        writeSync(fd, line);
        bytes += length;
      } catch {
        // There is nowhere left to report to; the count is read by whoever asks.
        dropped += 1;
      }
    },
    close() {
      if (fd >= 0) closeSync(fd);
      fd = -1;
    },
    get dropped() {
      return dropped;
    },
  };
}

function openForAppend(path: string): number {
  const fd = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  fchmodSync(fd, 0o600);
  return fd;
}

function rotate(path: string, keep: number): void {
  for (let number = keep; number >= 1; number -= 1) {
    const from = number === 1 ? path : `${path}.${number - 1}`;
    try {
      renameSync(from, `${path}.${number}`);
    } catch (error) {
      // Not that many old files yet.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}
