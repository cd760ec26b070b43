import { describe, expect, it } from 'vitest';
import { detectChecks, type ProjectFacts, READ_FILES } from './detect.ts';
import { checkState, isForTheAgent } from './result.ts';

const commands = (names: string[], contents: Record<string, string> = {}, configured: ProjectFacts['configured'] = {}): string => {
  const found = detectChecks({ names: new Set([...names, ...Object.keys(contents)]), contents, configured });
  return (['fix', 'lint', 'test'] as const).map((check) => found[check]?.command ?? '-').join(' | ');
};
const scripts = (of: Record<string, unknown>, more = {}): Record<string, string> => ({
  'package.json': JSON.stringify({ scripts: of, ...more }),
});

describe('what checks a project', () => {
  it.each<[string, string[], Record<string, string>, string]>([
    ['nothing', ['README.md'], {}, '- | - | -'],
    ['npm without a lock file', [], scripts({ test: 'vitest', lint: 'eslint .' }), '- | npm run lint | npm run test'],
    ['npm', ['package-lock.json'], scripts({ test: 'vitest' }), '- | - | npm run test'],
    ['yarn', ['yarn.lock'], scripts({ test: 'jest' }), '- | - | yarn run test'],
    ['pnpm', ['pnpm-lock.yaml'], scripts({ test: 'jest', 'lint:fix': 'x' }), 'pnpm run lint:fix | - | pnpm run test'],
    ['bun, as text', ['bun.lock'], scripts({ test: 'bun test' }), '- | - | bun run test'],
    ['bun, as bytes', ['bun.lockb'], scripts({ test: 'bun test' }), '- | - | bun run test'],
    ['two lock files', ['pnpm-lock.yaml', 'package-lock.json'], scripts({ test: 'x' }), '- | - | pnpm run test'],
    [
      'a named manager before a lock file',
      ['package-lock.json'],
      scripts({ test: 'x' }, { packageManager: 'yarn@4.1.0' }),
      '- | - | yarn run test',
    ],
    [
      'a named manager that nobody knows',
      ['package-lock.json'],
      scripts({ test: 'x' }, { packageManager: 'evil; rm -rf /@1' }),
      '- | - | npm run test',
    ],
    ['the test script of npm init', [], scripts({ test: 'echo "Error: no test specified" && exit 1' }), '- | - | -'],
    ['a format script', [], scripts({ format: 'prettier -w .' }), 'npm run format | - | -'],
    ['scripts that are no texts', [], { 'package.json': '{"scripts":{"test":{"a":1},"lint":3}}' }, '- | - | -'],
    ['scripts that are no mapping', [], { 'package.json': '{"scripts":[1]}' }, '- | - | -'],
    ['a manifest that is no JSON', [], { 'package.json': '{ broken' }, '- | - | -'],
    [
      'ruff and pytest by their tables',
      [],
      { 'pyproject.toml': '[tool.ruff]\nline-length = 100\n[tool.pytest.ini_options]\n' },
      'ruff check --fix . && ruff format . | ruff check . | pytest',
    ],
    [
      'uv',
      ['uv.lock'],
      { 'pyproject.toml': '[dependency-groups]\ndev = ["pytest>=8", "ruff"]\n' },
      'uv run ruff check --fix . && uv run ruff format . | uv run ruff check . | uv run pytest',
    ],
    ['poetry', ['poetry.lock'], { 'pyproject.toml': '[tool.poetry.group.dev.dependencies]\npytest = "^8"\n' }, '- | - | poetry run pytest'],
    ['a Python project without tools', [], { 'pyproject.toml': '[project]\nname = "x"\n' }, '- | - | -'],
    ['a package that only begins like pytest', [], { 'pyproject.toml': '[project]\ndependencies = ["pytest-cov-notes"]\n' }, '- | - | -'],
    ['pytest.ini alone', ['pytest.ini'], {}, '- | - | pytest'],
    ['conftest.py beside setup.py', ['setup.py', 'conftest.py'], {}, '- | - | pytest'],
    ['flake8', ['setup.py'], { 'setup.cfg': '[flake8]\nmax-line-length = 100\n' }, '- | flake8 | -'],
    ['Cargo', ['Cargo.toml'], {}, '- | cargo check --all-targets | cargo test'],
    [
      'Cargo with clippy and rustfmt',
      ['Cargo.toml', 'clippy.toml', 'rustfmt.toml'],
      {},
      'cargo fmt | cargo clippy --all-targets | cargo test',
    ],
    ['Go', ['go.mod'], {}, 'gofmt -w . | go vet ./... | go test ./...'],
    ['Go with a linter', ['go.mod', '.golangci.yml'], {}, 'gofmt -w . | golangci-lint run | go test ./...'],
    ['Maven', ['pom.xml'], {}, '- | - | mvn --batch-mode --quiet test'],
    ['Maven with its wrapper', ['pom.xml', 'mvnw'], {}, '- | - | ./mvnw --batch-mode --quiet test'],
    ['Gradle', ['build.gradle.kts', 'gradlew'], {}, '- | - | ./gradlew --console=plain test'],
    ['Make', [], { Makefile: 'build:\n\tcc\nlint:\n\tx\ntest: build\n\ty\nfmt:\n\tz\n' }, 'make fmt | make lint | make test'],
    ['a variable in a Makefile', [], { Makefile: 'test := 1\nlint ::= 2\nTEST=3\n' }, '- | - | -'],
    ['targets in one line', [], { Makefile: 'test lint: all\n' }, '- | - | make test'],
    ['a target that only ends like it', [], { Makefile: 'unit-test:\n\tx\n' }, '- | - | -'],
    [
      'Make fills what another source leaves',
      [],
      { ...scripts({ test: 'x' }), Makefile: 'lint:\n\tx\ntest:\n\ty\n' },
      '- | make lint | npm run test',
    ],
  ])('%s', (_name, names, contents, expected) => expect(commands(names, contents)).toBe(expected));

  it('asks for no more files than it reads', () => {
    const read = new Proxy<Record<string, string>>(
      {},
      { get: (_, name) => (READ_FILES.some((known) => known === name) ? undefined : 'not asked for') },
    );
    expect(detectChecks({ names: new Set(), contents: read, configured: {} })).toEqual({});
  });

  it('what the project says itself comes first, and may switch a check off', () => {
    const contents = scripts({ test: 'x', lint: 'y' });
    expect(commands([], contents, { test: 'make check' })).toBe('- | npm run lint | make check');
    expect(commands([], contents, { lint: '' })).toBe('- | - | npm run test');
    expect(detectChecks({ names: new Set(), contents, configured: { test: 'make check' } }).test).toEqual({
      command: 'make check',
      from: '.gluon.yml',
    });
  });
});

describe('what the end of a check means', () => {
  const state = (
    check: 'fix' | 'lint' | 'test' | 'verify',
    exitCode: number | null,
    output: string,
    more: { timedOut?: boolean; notStarted?: boolean } = {},
  ) => checkState({ check, exitCode, output, timedOut: false, notStarted: false, ...more });

  it.each<[string, 'lint' | 'test' | 'verify', number | null, string, string]>([
    ['all fine', 'test', 0, 'Tests: 12 passed, 12 total', 'passed'],
    ['silence', 'lint', 0, '', 'passed'],
    ['red', 'test', 1, 'Tests: 1 failed, 11 passed', 'failed'],
    ['killed by a signal', 'test', null, 'Killed', 'failed'],
    ['Jest without tests', 'test', 1, 'No tests found, exiting with code 1', 'no_tests'],
    ['Vitest without tests', 'test', 1, 'No test files found, exiting with code 1', 'no_tests'],
    ['pytest without tests', 'test', 5, 'collected 0 items\n\n=== no tests ran in 0.01s ===', 'no_tests'],
    ['pytest without tests, quiet', 'test', 5, '', 'no_tests'],
    ['Go without tests', 'test', 0, '?   \texample.org/x\t[no test files]', 'no_tests'],
    ['Go with tests in one package', 'test', 0, '?   \texample.org/x\t[no test files]\nok  \texample.org/y\t0.1s', 'passed'],
    ['Go with a failure in one package', 'test', 1, '?   \texample.org/x\t[no test files]\n--- FAIL: TestA (0.00s)\nFAIL', 'failed'],
    ['Cargo without tests', 'test', 0, 'running 0 tests\n\ntest result: ok. 0 passed; 0 failed', 'no_tests'],
    ['Cargo with tests in one crate', 'test', 0, 'running 0 tests\nrunning 3 tests\ntest result: ok. 3 passed; 0 failed', 'passed'],
    ['node without tests', 'test', 0, 'ℹ tests 0\nℹ suites 0\nℹ pass 0', 'no_tests'],
    ['a suite that fails to start', 'test', 1, 'Test suite failed to run\n  SyntaxError: Unexpected token', 'failed'],
    ['a suite that fails to start beside one without tests', 'test', 1, 'No tests found in a.js\nTest suite failed to run', 'failed'],
    ['no tests in a linter means nothing', 'lint', 0, 'no tests found', 'passed'],
    ['a command that does not exist', 'lint', 127, 'sh: 1: ruff: not found', 'could_not_run'],
    ['a command that may not be run', 'lint', 126, 'sh: 1: ./check: Permission denied', 'could_not_run'],
    ['127 from a test of its own', 'test', 127, '1 failed, expected 127', 'failed'],
    ['a script that is gone', 'test', 1, 'npm error Missing script: "test"', 'could_not_run'],
    ['a verify command that fails', 'verify', 2, 'no', 'failed'],
    ['a verify command that says there are no tests', 'verify', 0, 'no tests found', 'passed'],
    ['an error message that quotes success', 'test', 1, 'expected "12 passed" to be shown', 'failed'],
  ])('%s', (_name, check, exitCode, output, expected) => expect(state(check, exitCode, output)).toBe(expected));

  it('too long, and not started', () => {
    expect(state('test', null, 'No tests found', { timedOut: true })).toBe('timed_out');
    expect(state('test', null, '', { notStarted: true })).toBe('could_not_run');
  });

  it.each([
    ['passed', false],
    ['failed', true],
    ['no_tests', false],
    ['timed_out', true],
    ['could_not_run', false],
  ] as const)('%s goes back to the agent: %s', (of, expected) => expect(isForTheAgent(of)).toBe(expected));
});
