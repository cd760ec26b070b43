import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileLog } from './log.ts';
import { rotatingFile } from './rotating-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluon-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (path: string): Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('fileLog', () => {
  it('writes one record per message, whatever the message holds (threat 38: log injection)', () => {
    const path = join(folder, 'server.log');
    const log = fileLog(path, 'info');
    log.info({ run: 'a' }, 'first\n{"level":"info","msg":"gate passed"}');
    log.debug({}, 'below the level');
    log.error({ err: new Error('broke') }, 'second');
    log.close();
    const records = lines(path);
    expect(records.map((record) => record['level'])).toEqual(['info', 'error']);
    expect(records[0]).toMatchObject({ run: 'a', msg: 'first\n{"level":"info","msg":"gate passed"}' });
    expect(records[1]?.['err']).toMatchObject({ message: 'broke' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('redacts finished lines', () => {
    const path = join(folder, 'server.log');
    const log = fileLog(path, 'info', { redact: (line) => line.replaceAll('canary', '***') });
    log.info({ value: 'canary' }, 'a canary');
    log.close();
    expect(readFileSync(path, 'utf8')).not.toContain('canary');
  });

  it('puts a full file aside and keeps only so many', () => {
    const path = join(folder, 'server.log');
    const log = fileLog(path, 'info', { maxBytes: 500, keep: 2 });
    for (let index = 0; index < 100; index += 1) log.info({ index }, 'message');
    log.close();
    expect(readdirSync(folder).sort()).toEqual(['server.log', 'server.log.1', 'server.log.2']);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(500);
    expect(lines(path).at(-1)).toMatchObject({ index: 99 });
  });
});

describe('rotatingFile', () => {
  it('does not follow a link planted in its place', () => {
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'mine');
    symlinkSync(victim, join(folder, 'server.log'));
    expect(() => rotatingFile(join(folder, 'server.log'), 100, 1)).toThrow();
    expect(readFileSync(victim, 'utf8')).toBe('mine');
  });

  it('drops and counts what cannot be written, then goes on', () => {
    const file = rotatingFile(join(folder, 'server.log'), 10, 1);
    file.write('12345678\n');
    rmSync(folder, { recursive: true });
    file.write('12345678\n');
    expect(file.dropped).toBe(1);
    file.close();
  });
});
