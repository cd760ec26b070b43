/** Which commands check a project: those that it names itself, else those that its own files show. Nothing is assumed that is not there. */

export const CHECKS = ['fix', 'lint', 'test'] as const;
export type Check = (typeof CHECKS)[number];

export interface CheckCommand {
  readonly command: string;
  /** What made us choose it, for people: `.gluon.yml`, `package.json`, … */
  readonly from: string;
}

export type CheckCommands = Readonly<Partial<Record<Check, CheckCommand>>>;

export interface ProjectFacts {
  /** Names in the root folder of the working copy; folders end with `/`. */
  readonly names: ReadonlySet<string>;
  /** Contents of the files below that are there: `package.json`, `pyproject.toml`, `setup.cfg`, `tox.ini`, `Makefile`. */
  readonly contents: Readonly<Record<string, string>>;
  /** Commands of `.gluon.yml`; an empty text switches a check off. */
  readonly configured: Readonly<Partial<Record<Check, string>>>;
}

/** Files whose contents `detectChecks` wants to see. */
export const READ_FILES = ['package.json', 'pyproject.toml', 'setup.cfg', 'tox.ini', 'Makefile', 'makefile', 'GNUmakefile'] as const;

type Found = Partial<Record<Check, string>>;

/** For each check the first source that has it. A check that is missing from the result is not configured: never the same as passed. */
export function detectChecks(facts: ProjectFacts): CheckCommands {
  const sources: [from: string, found: Found][] = [
    ['.gluon.yml', facts.configured],
    ['package.json', node(facts)],
    ['pyproject.toml', python(facts)],
    ['Cargo.toml', cargo(facts)],
    ['go.mod', go(facts)],
    ['pom.xml', maven(facts)],
    ['build.gradle', gradle(facts)],
    ['Makefile', make(facts)],
  ];
  const commands: Partial<Record<Check, CheckCommand>> = {};
  for (const check of CHECKS) {
    const source = sources.find(([, found]) => found[check] !== undefined);
    const command = source?.[1][check]?.trim() ?? '';
    if (source !== undefined && command !== '') commands[check] = { command, from: source[0] };
  }
  return commands;
}

/** What `npm init` writes where there are no tests. */
const NO_TEST_SCRIPT = /no test specified/;

function node({ names, contents }: ProjectFacts): Found {
  const text = contents['package.json'];
  if (text === undefined) return {};
  const { scripts, packageManager } = manifest(text);
  const manager = managerOf(names, packageManager);
  const first = (...wanted: string[]): string | undefined =>
    wanted.find((name) => scripts.has(name) && !NO_TEST_SCRIPT.test(scripts.get(name) ?? ''));
  const run = (name: string | undefined): Found[Check] => (name === undefined ? undefined : `${manager} run ${name}`);
  return defined({ fix: run(first('lint:fix', 'fix', 'format')), lint: run(first('lint', 'lint:check')), test: run(first('test')) });
}

function manifest(text: string): { scripts: ReadonlyMap<string, string>; packageManager: string } {
  try {
    const { scripts, packageManager } = JSON.parse(text) as { scripts?: unknown; packageManager?: unknown };
    const entries = typeof scripts === 'object' && scripts !== null ? Object.entries(scripts) : [];
    return {
      scripts: new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
      packageManager: typeof packageManager === 'string' ? packageManager : '',
    };
  } catch {
    // A manifest that is no JSON has no scripts: the project's own tools will say so when they are run.
    return { scripts: new Map(), packageManager: '' };
  }
}

const LOCK_FILES: readonly [name: string, manager: string][] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

function managerOf(names: ReadonlySet<string>, packageManager: string): string {
  const named = /^(npm|pnpm|yarn|bun)@/.exec(packageManager)?.[1];
  return named ?? LOCK_FILES.find(([name]) => names.has(name))?.[1] ?? 'npm';
}

function python({ names, contents }: ProjectFacts): Found {
  const project = contents['pyproject.toml'] ?? '';
  const others = `${contents['setup.cfg'] ?? ''}\n${contents['tox.ini'] ?? ''}`;
  if (project === '' && !names.has('setup.py') && others.trim() === '' && !names.has('pytest.ini')) return {};
  const run = names.has('uv.lock') ? 'uv run ' : names.has('poetry.lock') ? 'poetry run ' : names.has('pdm.lock') ? 'pdm run ' : '';
  const ruff = /^\[tool\.ruff\b/m.test(project) || names.has('ruff.toml') || names.has('.ruff.toml') || dependsOn(project, 'ruff');
  const pytest =
    /^\[tool\.pytest\b/m.test(project) ||
    /^\[(?:tool:)?pytest\]/m.test(others) ||
    names.has('pytest.ini') ||
    names.has('conftest.py') ||
    dependsOn(project, 'pytest');
  return defined({
    fix: ruff ? `${run}ruff check --fix . && ${run}ruff format .` : undefined,
    lint: ruff ? `${run}ruff check .` : /^\[flake8\]/m.test(others) || names.has('.flake8') ? `${run}flake8` : undefined,
    test: pytest ? `${run}pytest` : undefined,
  });
}

/** As an item of a list (`"pytest>=8"`) or as a key of a table (`pytest = "^8"`). */
function dependsOn(project: string, name: string): boolean {
  return new RegExp(`["']${name}(?:[<>=~! \\[;]|["'])|^${name}\\s*=`, 'm').test(project);
}

function cargo({ names }: ProjectFacts): Found {
  if (!names.has('Cargo.toml')) return {};
  const clippy = names.has('clippy.toml') || names.has('.clippy.toml');
  const format = names.has('rustfmt.toml') || names.has('.rustfmt.toml');
  return defined({
    fix: format ? 'cargo fmt' : undefined,
    lint: clippy ? 'cargo clippy --all-targets' : 'cargo check --all-targets',
    test: 'cargo test',
  });
}

function go({ names }: ProjectFacts): Found {
  if (!names.has('go.mod')) return {};
  const linter = ['.golangci.yml', '.golangci.yaml', '.golangci.toml', '.golangci.json'].some((name) => names.has(name));
  return { fix: 'gofmt -w .', lint: linter ? 'golangci-lint run' : 'go vet ./...', test: 'go test ./...' };
}

function maven({ names }: ProjectFacts): Found {
  if (!names.has('pom.xml')) return {};
  return { test: `${names.has('mvnw') ? './mvnw' : 'mvn'} --batch-mode --quiet test` };
}

function gradle({ names }: ProjectFacts): Found {
  if (!names.has('build.gradle') && !names.has('build.gradle.kts')) return {};
  return { test: `${names.has('gradlew') ? './gradlew' : 'gradle'} --console=plain test` };
}

function make({ contents }: ProjectFacts): Found {
  const text = contents.GNUmakefile ?? contents.makefile ?? contents.Makefile ?? '';
  const has = (target: string): boolean => new RegExp(`^${target}(?:\\s+[\\w./ -]*)?\\s*:(?!:{0,2}=)`, 'm').test(text);
  const target = (...wanted: string[]): string | undefined => wanted.find(has);
  const run = (name: string | undefined): string | undefined => (name === undefined ? undefined : `make ${name}`);
  return defined({ fix: run(target('fix', 'format', 'fmt')), lint: run(target('lint')), test: run(target('test')) });
}

function defined(found: Readonly<Record<Check, string | undefined>>): Found {
  return Object.fromEntries(Object.entries(found).filter(([, command]) => command !== undefined));
}
