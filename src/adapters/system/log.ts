import pino from 'pino';
import type { Log } from '../../ports/system.ts';
import { rotatingFile } from './rotating-file.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface FileLog extends Log {
  setLevel(level: LogLevel): void;
  close(): void;
}

export interface FileLogOptions {
  /** Size at which the file is put aside; 10 MB unless said. */
  maxBytes?: number;
  /** Old files that stay; 3 unless said. */
  keep?: number;
  /** Takes secrets out of each finished line. */
  redact?: (line: string) => string;
}

/** One JSON object per line with `level` as a word and `time` in ISO 8601; errors under `err` keep message, code and stack. */
export function fileLog(path: string, level: LogLevel, options: FileLogOptions = {}): FileLog {
  const file = rotatingFile(path, options.maxBytes ?? 10_000_000, options.keep ?? 3);
  const redact = options.redact ?? ((line: string) => line);
  const logger = pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.err },
    },
    { write: (line: string) => file.write(redact(line)) },
  );
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    setLevel: (next) => {
      logger.level = next;
    },
    close: () => file.close(),
  };
}

/** For places that have no file to write to, such as tests and one-shot commands. */
export function silentLog(): Log {
  const nothing = (): void => {};
  return { debug: nothing, info: nothing, warn: nothing, error: nothing };
}
