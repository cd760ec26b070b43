/** The command line's composition and first line of code. The server is loaded only by `gluon up`. */
import { runCli } from '../cli/run-cli.ts';
import { handleSignals, processIo } from './cli-io.ts';

// A reader that has had enough ("gluon logs … | head") is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}
// The vendor's library warns at each start of an agent that its permission callback is not asked about tools: that is how it is meant.
process.removeAllListeners('warning');
process.on('warning', (warning: Error & { code?: string }) => {
  if (warning.code !== 'CLAUDE_SDK_CAN_USE_TOOL_SHADOWED') process.stderr.write(`${warning.stack ?? warning.message}\n`);
});
handleSignals();
const io = processIo(async (start) => (await import('./server.ts')).startServer(start));
const code = await runCli(process.argv.slice(2), io);
process.stdout.write('', () => process.exit(code));
