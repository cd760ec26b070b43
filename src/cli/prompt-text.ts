/** Prompts and images from the command line. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GluonError } from '../contract/errors.ts';
import type { Arguments, CommandContext } from './command.ts';

/** The words of the argument; `-` reads standard input. Undefined when there are none. */
export async function promptText(context: CommandContext, args: Arguments, name = 'prompt'): Promise<string | undefined> {
  const typed = args.text(name);
  return typed === '-' ? (await context.io.readStdin()).trimEnd() : typed;
}

export async function requiredPrompt(context: CommandContext, args: Arguments, name = 'prompt'): Promise<string> {
  const text = await promptText(context, args, name);
  if (text === undefined || text.trim() === '') throw new GluonError('prompt_empty');
  return text;
}

/** Uploads the files of `--image` and gives their ids. */
export async function uploadImages(context: CommandContext, args: Arguments): Promise<string[]> {
  const ids: string[] = [];
  for (const typed of args.list('image')) {
    const bytes = await readImage(resolve(context.io.cwd, typed));
    ids.push((await context.client.call('attachments.upload', { data: bytes.toString('base64') })).id);
  }
  return ids;
}

async function readImage(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new GluonError('file_unreadable', { path, why: error instanceof Error ? error.message : String(error) }, { cause: error });
  }
}
