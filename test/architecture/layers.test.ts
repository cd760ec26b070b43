import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cruise, cruise, ruleNames } from './cruise.ts';
import { FOLDERS, ROOT, sourceFiles } from './source-files.ts';

describe('layers', () => {
  it('hold in the repository, and every file was looked at', async () => {
    const roots = FOLDERS.filter((folder) => sourceFiles([folder]).length > 0);
    const seen = await cruise(ROOT, roots);
    // Under some versions of TypeScript nothing is read, and nothing is reported then either.
    expect(seen.files.filter((file) => /\.tsx?$/.test(file))).toEqual(sourceFiles());
    expect(seen.violations).toEqual([]);
  });
});

/** Rule, file that breaks it, what the file imports. */
const BREACHES: ReadonlyArray<readonly [rule: string, file: string, code: string]> = [
  ['core-imports-core', 'src/core/a.ts', "import '../contract/good.ts';"],
  ['core-needs-nothing', 'src/core/b.ts', "import 'node:fs';"],
  ['core-needs-nothing', 'src/core/c.ts', "import 'zod';"],
  ['contract-imports-core', 'src/contract/a.ts', "import '../services/good.ts';"],
  ['contract-needs-zod', 'src/contract/b.ts', "import 'node:path';"],
  ['ports-import-types', 'src/ports/a.ts', "import type { x } from '../services/good.ts';"],
  ['ports-hold-no-code', 'src/ports/b.ts', "import '../core/good.ts';"],
  ['adapters-stand-alone', 'src/adapters/git/cli/a.ts', "import '../../store/sqlite/good.ts';"],
  ['adapters-stand-alone', 'src/adapters/git/cli/b.ts', "import '../../../services/good.ts';"],
  ['adapters-of-a-kind-stand-alone', 'src/adapters/store/postgres/a.ts', "import '../sqlite/good.ts';"],
  ['services-use-ports', 'src/services/a.ts', "import '../adapters/system/good.ts';"],
  ['services-need-nothing', 'src/services/b.ts', "import 'node:fs';"],
  ['entry-points-call-services', 'src/server/a.ts', "import '../adapters/system/good.ts';"],
  ['entry-points-call-services', 'src/cli/a.ts', "import '../server/good.ts';"],
  ['entry-points-only-name-ports', 'src/server/b.ts', "import '../ports/good.ts';"],
  ['main-composes', 'src/main/a.ts', "import '../../scripts/good.ts';"],
  ['model-stands-alone', 'scripted-model/a.ts', "import '../src/services/good.ts';"],
  ['model-needs-node-only', 'scripted-model/b.ts', "import 'zod';"],
  ['scripts-read-the-contract', 'scripts/a.ts', "import '../src/services/good.ts';"],
  ['page-reads-the-contract', 'web/a.ts', "import '../src/services/good.ts';"],
  ['page-loads-no-schemas', 'web/b.tsx', "import '../src/contract/good.ts';"],
  ['tests-stay-tests', 'src/services/c.ts', "import './good.test.ts';"],
  ['ships-what-it-needs', 'src/adapters/git/cli/c.ts', "import 'fast-check';"],
  ['better-sqlite3-has-one-owner', 'src/adapters/git/cli/d.ts', "import 'better-sqlite3';"],
  ['kysely-has-one-owner', 'src/adapters/git/cli/e.ts', "import 'kysely';"],
  ['execa-has-one-owner', 'src/adapters/git/cli/f.ts', "import 'execa';"],
  ['pino-has-one-owner', 'src/adapters/git/cli/g.ts', "import 'pino';"],
  ['web-push-has-one-owner', 'src/adapters/git/cli/i.ts', "import 'web-push';"],
  ['@anthropic-ai/claude-agent-sdk-has-one-owner', 'src/adapters/git/cli/h.ts', "import '@anthropic-ai/claude-agent-sdk';"],
  ['commander-has-one-owner', 'src/server/c.ts', "import 'commander';"],
  ['@clack/prompts-has-one-owner', 'src/server/d.ts', "import '@clack/prompts';"],
  ['fastify-has-one-owner', 'src/cli/b.ts', "import 'fastify';"],
  ['@fastify-has-one-owner', 'src/cli/c.ts', "import '@fastify/helmet';"],
  ['no-cycles', 'src/core/cycle-one.ts', "import './cycle-two.ts';"],
  ['no-barrels', 'src/core/d.ts', "import './inner/index.ts';"],
  ['all-found', 'src/core/e.ts', "import './nowhere.ts';"],
];

const GOOD = [
  ...['core', 'contract', 'ports', 'services', 'server', 'cli', 'main'].map((layer) => `src/${layer}/good.ts`),
  ...['src/adapters/system/good.ts', 'src/adapters/store/sqlite/good.ts', 'src/services/good.test.ts', 'src/core/inner/index.ts'],
  ...['scripts/good.ts', 'scripted-model/good.ts', 'test/good.ts', 'web/good.ts', 'src/contract/operation-request.ts'],
];

/** What the table allows: none of it may be reported. */
const ALLOWED: ReadonlyArray<readonly [file: string, code: string]> = [
  [
    'src/adapters/store/sqlite/allowed.ts',
    "import 'node:fs';\nimport 'kysely';\nimport '../../system/good.ts';\nimport '../../../core/good.ts';",
  ],
  ['src/services/allowed.ts', "import type { x } from '../ports/good.ts';\nimport '../core/good.ts';\nimport '../contract/good.ts';"],
  ['src/core/allowed.test.ts', "import 'vitest';\nimport 'node:fs';"],
  [
    'src/main/allowed.ts',
    "import '../adapters/store/sqlite/good.ts';\nimport '../server/good.ts';\nimport '../../scripted-model/good.ts';",
  ],
  ['src/contract/allowed.ts', "import 'zod';\nimport '../core/good.ts';"],
  ['web/allowed.tsx', "import type { x } from '../src/contract/good.ts';\nimport '../src/contract/operation-request.ts';"],
  ['scripted-model/allowed.ts', "import 'node:http';\nimport 'node:timers/promises';"],
];

describe('a breach', () => {
  let folder = '';
  let found: Cruise;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gluon-layers-'));
    const put = (file: string, code: string): void => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `${code}\nexport type x = 1;\n`);
    };
    for (const file of GOOD) put(file, '');
    for (const [file, code] of ALLOWED) put(file, code);
    for (const [, file, code] of BREACHES) put(file, code);
    put('src/core/cycle-two.ts', "import './cycle-one.ts';");
    for (const name of ['node_modules', 'package.json', 'tsconfig.json']) symlinkSync(join(ROOT, name), join(folder, name));
    found = await cruise(folder, ['src', 'scripted-model', 'scripts', 'test', 'web']);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(BREACHES)('of %s by %s is reported', (rule, file) => {
    expect(found.violations.filter((violation) => violation.from === file).map((violation) => violation.rule)).toContain(rule);
  });

  it.each(ALLOWED)('is not seen in what the table allows: %s', (file) => {
    expect(found.files).toContain(file);
    expect(found.violations.filter((violation) => violation.from === file)).toEqual([]);
  });

  it('has an example for every rule', () => {
    expect([...new Set(BREACHES.map(([rule]) => rule))].sort()).toEqual(ruleNames().sort());
  });
});
