import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../ports/system.ts';
import { systemClock } from '../../system/clock.ts';
import { fileSettings } from './settings.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gluon-settings-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const write = (text: string) => writeFileSync(join(home, 'config.yml'), text);
const open = (environment: Record<string, string> = {}, clock: Clock = systemClock()) => fileSettings({ home, environment, clock });

describe('settings', () => {
  it('environment wins over the file, the file over the default', () => {
    write('max_concurrent_runs: 7\nsandbox: none\n');
    const settings = open({ GLUON_SANDBOX: 'standard', GLUON_CAPS_MEMORY_MB: '100' });
    expect(settings.get('max_concurrent_runs')).toBe(7);
    expect(settings.get('sandbox')).toBe('standard');
    expect(settings.get('caps.memory_mb')).toBe(100);
    expect(settings.get('question_wait_seconds')).toBe(300);
    expect(settings.describe('sandbox')).toMatchObject({ source: 'environment', default: 'strict' });
    expect(settings.describe('max_concurrent_runs').source).toBe('file');
    expect(settings.all().length).toBeGreaterThan(20);
  });

  it('keeps the comments of the person who wrote the file, and nobody else can read it', async () => {
    write('# my own\nport: 1234 # why\n');
    const settings = open();
    await settings.set('max_concurrent_runs', 9);
    const text = readFileSync(join(home, 'config.yml'), 'utf8');
    expect(text).toContain('# my own');
    expect(text).toContain('# why');
    expect(statSync(join(home, 'config.yml')).mode & 0o777).toBe(0o600);
    expect(open().get('max_concurrent_runs')).toBe(9);
    await settings.unset('max_concurrent_runs');
    expect(open().get('max_concurrent_runs')).toBe(4);
  });

  it('prices of single models, with dots in their names', async () => {
    const settings = open();
    await settings.set('prices.my.model-1.5' as 'prices', { input: 1, output: 2 });
    expect(settings.get('prices')).toEqual({ 'my.model-1.5': { input: 1, output: 2 } });
    expect(settings.describe('prices.my.model-1.5' as 'prices').value).toEqual({ input: 1, output: 2 });
    await settings.unset('prices.my.model-1.5' as 'prices');
    expect(settings.get('prices')).toEqual({});
  });

  it.each([
    ['no YAML', 'a: [1'],
    ['an unknown key', 'prot: 1'],
    ['a wrong value', 'port: yes please'],
    ['a list', '- 1'],
    ['a bomb of aliases', `a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nport: [*c,*c,*c,*c]`],
  ])('%s is refused at the start with a sentence', (_name, text) => {
    write(text);
    expect(() => open()).toThrow();
  });

  it('a variable that is no value is refused by name', () => {
    expect(() => open({ GLUON_PORT: 'eighty' })).toThrow('GLUON_PORT');
  });

  it('a bad change is refused and the file stays as it was', async () => {
    write('port: 1\n');
    const settings = open();
    await expect(settings.set('port', -1)).rejects.toMatchObject({ code: 'setting_invalid' });
    expect(readFileSync(join(home, 'config.yml'), 'utf8')).toBe('port: 1\n');
    await expect(open({ GLUON_PORT: '5' }).set('port', 6)).rejects.toMatchObject({
      code: 'setting_fixed',
      params: { variable: 'GLUON_PORT' },
    });
  });

  it('changes made at the same time are all kept', async () => {
    const settings = open();
    await Promise.all([settings.set('port', 5), settings.set('max_concurrent_runs', 6), settings.set('log_level', 'warn')]);
    expect(readFileSync(join(home, 'config.yml'), 'utf8').trim().split(/[\n,]/)).toHaveLength(3);
    const again = open();
    expect([again.get('port'), again.get('max_concurrent_runs'), again.get('log_level')]).toEqual([5, 6, 'warn']);
  });

  it('a file that became invalid keeps the last good values and says why; a good one is taken', () => {
    let tick = () => {};
    const clock: Clock = {
      ...systemClock(),
      after: (_ms, callback) => {
        tick = callback;
        return () => {};
      },
    };
    write('port: 1\n');
    const settings = open({}, clock);
    const rejected: string[] = [];
    settings.watch((why) => rejected.push(why));
    write('port: [\n');
    tick();
    expect(settings.get('port')).toBe(1);
    expect(rejected).toHaveLength(1);
    tick();
    expect(rejected).toHaveLength(1);
    write('port: 22\n');
    tick();
    expect(settings.get('port')).toBe(22);
  });
});
