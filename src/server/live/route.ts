/** The address `/api/ws`. Host, Origin, token and role were checked by the guard, like those of every other request. */
import websocket, { type WebSocket } from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import { GluonError } from '../../contract/errors.ts';
import type { Log } from '../../ports/system.ts';
import { LIVE_PROTOCOL } from '../guard.ts';
import { LiveConnection } from './connection.ts';
import type { LiveHub } from './hub.ts';
import { MAX_CLIENT_FRAME_BYTES } from './limits.ts';

/** Told of each connection that a session opened. */
type OfSession = (sessionId: string, socket: WebSocket) => void;

/** The plugin has to be there before the guard's hook, which asks it whether a request is an upgrade; the route comes after. */
export const serveLive = {
  async register(app: FastifyInstance, hub: LiveHub, log: Log, ofSession: OfSession): Promise<{ addRoute(): void }> {
    await app.register(websocket, {
      options: {
        maxPayload: MAX_CLIENT_FRAME_BYTES,
        // Costs memory per client, and mixes secrets with foreign text in one compressed stream.
        perMessageDeflate: false,
        // Never the protocol that carries the token: it would come back in the answer.
        handleProtocols: (offered: Set<string>) => (offered.has(LIVE_PROTOCOL) ? LIVE_PROTOCOL : false),
      },
      errorHandler: (error, socket) => {
        log.debug({ error }, 'a live connection failed');
        socket.terminate();
      },
      // The hub says goodbye itself, before the server is closed.
      preClose(done) {
        this.websocketServer.close();
        done();
      },
    });
    return { addRoute: () => addRoute(app, hub, ofSession) };
  },
};

function addRoute(app: FastifyInstance, hub: LiveHub, ofSession: OfSession): void {
  app.route({
    method: 'GET',
    url: '/api/ws',
    config: { role: 'viewer', live: true },
    preValidation: (request, _reply, done) => {
      done(request.ws && hub.full ? new GluonError('too_many_requests') : undefined);
    },
    handler: () => {
      throw new GluonError('bad_request', { why: 'this address takes WebSocket connections' });
    },
    wsHandler: (socket, request) => {
      if (request.session !== null) ofSession(request.session.id, socket);
      const connection = new LiveConnection(socket, hub);
      socket.on('message', (data, isBinary) => connection.receive(isBinary ? null : data.toString()));
      socket.on('pong', () => connection.pong());
      socket.on('close', () => connection.closed());
    },
  });
}
