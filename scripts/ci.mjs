/** Set-up, checks and tests in one go. The last line of output is `N passed, N failed, N skipped`. Runs on Node 20 without any package. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { inRoot, say } from './setup/root.mjs';

const REPORT = inRoot('.test-report.json');

/** A test that spins for ever stops no clock of its own: the whole group is ended from outside. */
const LIMIT_MS = 45 * 60_000;

/** @param {readonly string[]} args @returns {Promise<boolean>} */
function npm(...args) {
  return new Promise((resolve) => {
    const child = spawn('npm', args, { cwd: inRoot('.'), stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    const limit = setTimeout(() => {
      say(`npm ${args.join(' ')} took more than ${LIMIT_MS / 60_000} minutes and is ended`);
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, LIMIT_MS);
    child.on('error', (error) => say(`npm does not start: ${error.message}`));
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve(code === 0);
    });
  });
}

/** What vitest counted; nulls when it ended before it wrote its report. */
function readReport() {
  if (!existsSync(REPORT)) return null;
  const report = JSON.parse(readFileSync(REPORT, 'utf8'));
  // A file that breaks while it loads has no test that failed: it counts as one.
  const broken = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: { status: string }[] }} */ file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests,
    success: report.success === true,
  };
}

rmSync(REPORT, { force: true });
const ready = await npm('run', 'setup', '--', '--browser');
const checked = ready && (await npm('run', 'check'));
// Real processes and a browser on two shared cores: a test may be tried twice, and is named when it needed that.
const tested =
  ready &&
  (await npm(
    'test',
    '--',
    '--retry=1',
    '--reporter=default',
    `--reporter=${inRoot('scripts/ci/second-tries.mjs')}`,
    '--reporter=json',
    `--outputFile.json=${REPORT}`,
  ));
const report = readReport();
const { passed, failed, skipped } = report ?? { passed: 0, failed: 0, skipped: 0 };
if (!ready) say('the set-up failed');
if (ready && !checked) say('a check failed');
if (ready && report === null) say('the tests left no report');
if (tested && failed === 0 && passed === 0) say('no test ran');
process.exitCode = ready && checked && tested && report?.success && failed === 0 && passed > 0 ? 0 : 1;
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
