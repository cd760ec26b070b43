#!/usr/bin/env node
// Speaks just enough of the agent program's protocol to be started, then misbehaves as STRANGE says.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const how = process.env.STRANGE;
const say = (message: object): boolean => process.stdout.write(`${JSON.stringify(message)}\n`);

if (how === 'die') {
  process.stderr.write('the dog ate it\n');
  process.exit(3);
}

async function misbehave(): Promise<void> {
  say({ type: 'system', subtype: 'init', session_id: 'strange', model: 'none', claude_code_version: '0', tools: [] });
  if (how === 'huge-line') {
    const piece = 'x'.repeat(1_000_000);
    for (let index = 0; index < 200; index += 1) if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
    process.stdout.write('\n');
  }
  if (how === 'unknown') {
    say({ type: 'telepathy', thought: 1 });
    say({ type: 'system', subtype: 'telepathy' });
  }
  say({ type: 'result', subtype: 'success', is_error: false, result: 'done', total_cost_usd: 0, num_turns: 1, session_id: 'strange' });
}

// A child of its own session that holds our output: nobody sees the end of it before the child ends.
if (how === 'held') spawn('sleep', ['6'], { detached: true, stdio: ['ignore', 'inherit', 'ignore'] }).unref();
if (how === 'stay') {
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1_000);
}
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.type === 'control_request') {
    say({ type: 'control_response', response: { subtype: 'success', request_id: message.request_id, response: {} } });
  } else if (message.type === 'user') await misbehave();
}
