/**
 * A server with the seeded home, to look at the page: `node test/browser/support/preview.ts [--runs N] [--seconds S]`. Prints its address
 * and a login link; live runs of the fake agent make the board move. With `--shoot PATH WxH THEME FILE …` it takes pictures and ends.
 */
import { parseArgs } from 'node:util';
import { startGluon, temporaryFolder } from '../../support/gluon.ts';
import { openBrowser, openPage } from './browser.ts';
import { liveRuns } from './live-runs.ts';
import { type Seeded, seedHome } from './seed.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '600' },
    shoot: { type: 'boolean', default: false },
  },
});

const home = await temporaryFolder('preview');
const seeded = await seedHome(home, { moreRuns: Number(values.runs) });
const gluon = await startGluon({ home, config: 'max_concurrent_runs: 5\n' });
try {
  await liveRuns(gluon, seeded);
  if (values.shoot) await shoot();
  else await serve();
} finally {
  await gluon.stop();
}

async function serve(): Promise<void> {
  const { url } = await gluon.call('auth.login_link', {});
  process.stdout.write(`${gluon.address}\n${url}\n`);
  await new Promise((resolve) => {
    setTimeout(resolve, Number(values.seconds) * 1000);
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}

/** `PATH WxH THEME FILE`, as often as wanted; `:sessions` in a path stands for the run with the long transcript. */
async function shoot(): Promise<void> {
  const browser = await openBrowser();
  try {
    for (let at = 0; at + 3 < positionals.length; at += 4) {
      const [path = '/', size = '', theme = '', file = ''] = positionals.slice(at, at + 4);
      const [width = 1440, height = 900] = size.split('x').map(Number);
      const opened = await openPage(browser, gluon, addressed(path, seeded), {
        viewport: { width, height },
        theme: theme === 'dark' ? 'dark' : 'light',
        touch: width < 640,
      });
      await opened.page.waitForTimeout(1500);
      await opened.page.screenshot({ path: file });
      for (const error of opened.errors) process.stderr.write(`${path}: ${error}\n`);
      await opened.context.close();
    }
  } finally {
    await browser.close();
  }
}

function addressed(path: string, { runs }: Seeded): string {
  return path.replace(':sessions', runs['Show and revoke active sessions'] ?? '');
}
