/** The proxy as a program inside a strict sandbox meets it. */
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { egressProxy } from '../../../src/adapters/egress/proxy/proxy.ts';
import { nodeForwarder } from '../../../src/adapters/sandbox/bubblewrap/launch.ts';
import type { EgressSession } from '../../../src/ports/egress.ts';
import { clock, type Ground, makeGround, tryShell } from '../sandbox/ground.ts';

let ground: Ground;
let server: Server;
let session: EgressSession;
let port: number;
let served = 0;

beforeAll(async () => {
  ground = makeGround();
  server = createServer((_incoming, response) => {
    served += 1;
    response.end('served');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  const proxy = egressProxy({
    folder: `${ground.base}/s`,
    environment: {},
    clock,
    permitPrivate: true,
    lookup: async () => [{ address: '127.0.0.1', family: 4 }],
  });
  session = await proxy.open('run', {
    policy: [`ok.example:${port}`],
    alsoAllowed: [],
    maxBytes: null,
    onDecision: () => {},
    onLimit: () => {},
  });
});
afterAll(async () => {
  await session.close();
  server.close();
  ground.remove();
});

describe('inside a strict sandbox', () => {
  it('a listed name is reached through the proxy variables alone, others are not', async () => {
    const spec = ground.spec('strict', { egressSocket: session.socket });
    const confinement = await ground.sandbox().open(spec);
    expect((await tryShell(confinement, spec, `curl -s -m 5 http://ok.example:${port}/`)).output).toBe('served');
    const refused = await tryShell(confinement, spec, `curl -s -m 5 http://no.example:${port}/`);
    expect(refused.output).toContain('not on the list');
    expect((await tryShell(confinement, spec, `curl -s -m 5 -p --proxytunnel http://ok.example:${port}/`)).output).toBe('served');
    await confinement.close(0);
    expect(served).toBe(2);
  });

  it('without the proxy socket the name is not reached', async () => {
    const spec = ground.spec('strict');
    const confinement = await ground.sandbox().open(spec);
    expect((await tryShell(confinement, spec, `curl -s -m 5 http://ok.example:${port}/`)).output).toBe('');
    await confinement.close(0);
  });

  it('the forwarder that stands in for socat does the same', async () => {
    const spec = ground.spec('strict', { egressSocket: session.socket, mounts: [{ from: process.execPath, to: '/opt/gluon/node' }] });
    const confinement = await ground.sandbox().open(spec);
    const [node, flag, script] = nodeForwarder('/opt/gluon/node', 4000, '/run/gluon/egress.sock');
    const end = await tryShell(
      confinement,
      spec,
      `"$NODE" ${flag} "$SCRIPT" & for i in $(seq 100); do curl -s -m 5 --proxy http://127.0.0.1:4000 http://ok.example:${port}/ && break; sleep 0.05; done`,
      { NODE: node, SCRIPT: script },
    );
    expect(end.output).toBe('served');
    await confinement.close(0);
  });
});
