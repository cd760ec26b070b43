/** `node scripted-model/main.ts [--port N] [--delay MS]`: the scripted model as a program, until it is interrupted. */
import { parseArgs } from 'node:util';
import { startScriptedModel } from './server.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, socket: { type: 'string' }, delay: { type: 'string' } },
});
const model = await startScriptedModel({
  port: Number(values.port),
  ...(values.socket === undefined ? {} : { socketPath: values.socket }),
  ...(values.delay === undefined ? {} : { chunkDelayMs: Number(values.delay) }),
});
process.stdout.write(`scripted model: ${model.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    // The process ends when its servers have closed: nothing to wait for here.
    void model.close();
  });
}
