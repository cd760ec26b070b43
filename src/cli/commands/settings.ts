import type { Setting } from '../../contract/resources.ts';
import type { CommandCode, CommandContext } from '../command.ts';
import { ServerFailure } from '../failure.ts';
import { oneLine } from '../terminal/format.ts';
import { printResult, tableText } from '../terminal/print.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: readonly Column<Setting>[] = [
  { title: 'KEY', cell: (setting) => oneLine(setting.key) },
  { title: 'VALUE', cell: (setting) => valueText(setting.value) },
  { title: 'FROM', cell: (setting) => setting.source, paint: (setting) => (setting.source === 'default' ? 'dim' : 'cyan') },
  { title: 'WHAT', cell: (setting) => oneLine(setting.summary), flexible: true },
];

function valueText(value: unknown): string {
  return oneLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? '-'));
}

/** Numbers, true, false, null, lists and objects as in JSON; anything else is text. */
export function settingValue(typed: string): unknown {
  try {
    return JSON.parse(typed);
  } catch {
    // Not JSON: plain words are a text value, so that nobody has to type quotes inside quotes.
    return typed;
  }
}

export const list: CommandCode = async (context) => {
  const listed = await context.client.call('settings.list', {});
  printResult(context, listed, () => tableText(context, listed.items, COLUMNS, 'No settings.'));
  return 0;
};

export const get: CommandCode = async (context, args) => {
  const setting = await context.client.call('settings.get', { key: args.required('key') });
  printResult(context, setting, () => `${valueText(setting.value)}\n`);
  return 0;
};

export const set: CommandCode = async (context, args) => {
  const setting = await setTo(context, args.required('key'), args.list('values'));
  printResult(context, setting, () => `${oneLine(setting.key)} = ${valueText(setting.value)}\n`);
  return 0;
};

export const unset: CommandCode = async (context, args) => {
  const setting = await context.client.call('settings.unset', { key: args.required('key') });
  printResult(context, setting, () => `${oneLine(setting.key)} = ${valueText(setting.value)} (${setting.source})\n`);
  return 0;
};

/** Several words are a list. One word is one where the setting takes no text: its parts are what stands between commas. */
async function setTo({ client }: CommandContext, key: string, words: readonly string[]): Promise<Setting> {
  const [word = ''] = words;
  const value = words.length === 1 ? settingValue(word) : words;
  try {
    return await client.call('settings.set', { key, value });
  } catch (error) {
    const plainWord = value === word;
    if (!plainWord || !(error instanceof ServerFailure) || error.code !== 'setting_invalid') throw error;
    const parts = word.split(',').map((part) => part.trim());
    return await client.call('settings.set', { key, value: parts.filter((part) => part !== '') }).catch(() => {
      // It is no list either: what was said of the word counts.
      throw error;
    });
  }
}
