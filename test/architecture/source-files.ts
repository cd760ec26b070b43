/** The TypeScript files of the repository, as they lie on disk. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const FOLDERS = ['src', 'scripted-model', 'scripts', 'test', 'bench', 'web/src'] as const;

/** Paths relative to the repository, with slashes, sorted. */
export function sourceFiles(folders: readonly string[] = FOLDERS): string[] {
  return folders
    .map((folder) => join(ROOT, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((item) => item.isFile() && /\.tsx?$/.test(item.name))
    .map((item) => relative(ROOT, join(item.parentPath, item.name)).split(sep).join('/'))
    .sort();
}

export const isTest = (file: string): boolean => /\.(?:test|fixture)\.ts$/.test(file);

export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

export function parse(file: string, text: string = textOf(file)): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}
