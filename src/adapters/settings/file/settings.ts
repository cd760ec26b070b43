/** Settings from the environment, then `config.yml`, then the defaults. A broken file never takes away what was good before. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import { GluonError } from '../../../contract/errors.ts';
import type { Setting } from '../../../contract/resources.ts';
import { SETTINGS, type SettingKey, type SettingValue } from '../../../contract/settings.ts';
import type { Settings } from '../../../ports/settings.ts';
import type { Clock } from '../../../ports/system.ts';
import { writeDurably } from '../../system/durable-file.ts';

export interface FileSettingsOptions {
  home: string;
  environment: Readonly<Record<string, string | undefined>>;
  clock: Clock;
}

/** A file is looked at this often; a person who edits it does not wait longer. */
const LOOK_MS = 2_000;
const MAX_BYTES = 1024 * 1024;
const KEYS = Object.keys(SETTINGS) as SettingKey[];

/** Throws `config_invalid` when the file or a variable is not valid at the start: then there is no last good version to go on with. */
export function fileSettings(options: FileSettingsOptions): Settings {
  const path = join(options.home, 'config.yml');
  const environment = fromEnvironment(options.environment);
  let file = valuesOf(path, readDocument(path));
  let seen = stampOf(path);

  function source(key: SettingKey): Setting['source'] {
    if (environment.has(key)) return 'environment';
    return file.has(key) ? 'file' : 'default';
  }

  function value(key: SettingKey): unknown {
    return environment.get(key) ?? file.get(key) ?? SETTINGS[key].default;
  }

  function describe(key: SettingKey | `prices.${string}`): Setting {
    if (isPriceKey(key)) {
      const prices = value('prices') as Record<string, unknown>;
      return { key, value: prices[modelOf(key)] ?? null, default: null, source: source('prices'), summary: 'Own price of one model.' };
    }
    return { key, value: value(key), default: SETTINGS[key].default, source: source(key), summary: SETTINGS[key].summary };
  }

  let last: Promise<unknown> = Promise.resolve();

  /** One change after the other: each starts from the file that the one before has written. */
  function change(key: string, edit: (next: Document) => void): Promise<void> {
    const done = last.then(() => changeNow(key, edit));
    last = done.catch(() => {
      // The caller of that change hears of it; the next one starts from the file as it is.
    });
    return done;
  }

  async function changeNow(key: string, edit: (next: Document) => void): Promise<void> {
    const owner = isPriceKey(key) ? 'prices' : (key as SettingKey);
    if (environment.has(owner)) throw new GluonError('setting_fixed', { key, variable: variableOf(owner) });
    const next = readDocument(path);
    edit(next);
    const values = checked(next, (faulty, why) => new GluonError('setting_invalid', { key: faulty, why }));
    await writeDurably(path, next.toString(), `${path}.new`);
    file = values;
    seen = stampOf(path);
  }

  return {
    get: <K extends SettingKey>(key: K) => value(key) as SettingValue<K>,
    describe,
    all: () => KEYS.map(describe),
    set: (key, given) => change(key, (next) => next.setIn(pathOf(key), given)),
    unset: (key) =>
      change(key, (next) => {
        // What is not there needs no taking out.
        if (next.hasIn(pathOf(key))) next.deleteIn(pathOf(key));
      }),
    watch(onRejected) {
      let cancel = options.clock.after(LOOK_MS, look);
      function look(): void {
        const stamp = stampOf(path);
        if (stamp !== seen) {
          seen = stamp;
          try {
            file = valuesOf(path, readDocument(path));
          } catch (error) {
            // The last good values stay; the person hears why theirs were not taken.
            onRejected(error instanceof Error ? error.message : String(error));
          }
        }
        cancel = options.clock.after(LOOK_MS, look);
      }
      return () => cancel();
    },
  };
}

function isPriceKey(key: string): key is `prices.${string}` {
  return key.startsWith('prices.') && key.length > 'prices.'.length;
}

/** Names of models may hold dots: everything behind the first one is the name. */
function modelOf(key: string): string {
  return key.slice('prices.'.length);
}

function pathOf(key: string): string[] {
  return isPriceKey(key) ? ['prices', modelOf(key)] : [key];
}

export function variableOf(key: SettingKey): string {
  return `GLUON_${key.replaceAll('.', '_').toUpperCase()}`;
}

function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Map<SettingKey, unknown> {
  const values = new Map<SettingKey, unknown>();
  for (const key of KEYS) {
    const text = environment[variableOf(key)];
    if (text === undefined || text === '') continue;
    const parsed = [text, jsonOrNothing(text)].map((one) => SETTINGS[key].schema.safeParse(one)).find((one) => one.success);
    if (parsed === undefined) throw new GluonError('setting_invalid', { key, why: `${variableOf(key)} is "${text}"` });
    values.set(key, parsed.data);
  }
  return values;
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Plain text is a value too, for settings that are text: the schema decides.
    return undefined;
  }
}

function stampOf(path: string): string {
  if (!existsSync(path)) return 'absent';
  const facts = statSync(path);
  return `${facts.ino}:${facts.size}:${facts.mtimeMs}`;
}

function readDocument(path: string): Document {
  if (!existsSync(path)) return parseDocument('{}\n', { version: '1.2' });
  if (statSync(path).size > MAX_BYTES) throw new GluonError('config_invalid', { path, why: 'it is larger than 1 MB' });
  const document = parseDocument(readFileSync(path, 'utf8'), { version: '1.2' });
  const [problem] = document.errors;
  if (problem !== undefined) throw new GluonError('config_invalid', { path, why: problem.message.split('\n')[0] ?? 'it is no YAML' });
  return document.contents === null ? parseDocument('{}\n', { version: '1.2' }) : document;
}

function valuesOf(path: string, document: Document): Map<SettingKey, unknown> {
  return checked(document, (key, why) => new GluonError('config_invalid', { path, why: `${key}: ${why}` }));
}

function checked(document: Document, fault: (key: string, why: string) => GluonError): Map<SettingKey, unknown> {
  const plain: unknown = document.toJS({ maxAliasCount: 10 }) ?? {};
  if (typeof plain !== 'object' || Array.isArray(plain)) throw fault('(file)', 'it must hold "key: value" lines');
  const values = new Map<SettingKey, unknown>();
  for (const [key, given] of Object.entries(plain as Record<string, unknown>)) {
    if (!Object.hasOwn(SETTINGS, key)) throw fault(key, 'there is no such setting');
    const parsed = SETTINGS[key as SettingKey].schema.safeParse(given);
    if (!parsed.success) throw fault(key, parsed.error.issues.map((issue) => issue.message).join('; '));
    values.set(key as SettingKey, parsed.data);
  }
  return values;
}
