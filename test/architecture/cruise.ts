/** Runs dependency-cruiser with the repository's rules over some folder that is laid out like the repository. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './source-files.ts';

export interface Cruise {
  /** Modules with a source file, without packages, Node's own and those not found. */
  readonly files: readonly string[];
  readonly violations: ReadonlyArray<{ readonly rule: string; readonly from: string; readonly to: string }>;
}

interface Report {
  readonly modules: ReadonlyArray<{ readonly source: string; readonly coreModule?: boolean; readonly couldNotResolve?: boolean }>;
  readonly summary: {
    readonly violations: ReadonlyArray<{ readonly rule: { readonly name: string }; readonly from: string; readonly to: string }>;
  };
}

export async function cruise(folder: string, roots: readonly string[]): Promise<Cruise> {
  const program = join(ROOT, 'node_modules/.bin/depcruise');
  const args = [program, '--config', join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json', ...roots];
  const report = JSON.parse(await outputOf(args, folder)) as Report;
  const files = report.modules
    .filter((module) => module.coreModule !== true && module.couldNotResolve !== true)
    .map((module) => module.source);
  return {
    files: files.filter((file) => !file.includes('node_modules/')).sort(),
    violations: report.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}

/** Names of all rules of the configuration. */
export function ruleNames(): string[] {
  const config = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as { forbidden: ReadonlyArray<{ name: string }> };
  return config.forbidden.map((rule) => rule.name);
}

/** It ends with the number of violations: the report says more than that. */
function outputOf(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', () => (output.startsWith('{') ? resolve(output) : reject(new Error(`dependency-cruiser: ${errors || output}`))));
  });
}
