/** `npm run setup`: dependencies, system packages and the build; nothing else. `--browser` adds Chromium for the browser tests. */
import { SetupFailure, say } from './setup/root.mjs';
import { setUp } from './setup/set-up.mjs';

try {
  await setUp({ sandbox: 'required', browser: process.argv.includes('--browser'), build: true });
  say('set up: "npm start" starts Gluon, "npm run demo" shows it with a scripted model, "npm test" tests it');
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  say(error.message);
  process.exitCode = 1;
}
