/** Starts a server in the background and waits until it answers. */
import { mkdir, readFile } from 'node:fs/promises';
import type { Agent } from 'node:http';
import { join } from 'node:path';
import { GluonError } from '../contract/errors.ts';
import { requestJson } from './http-request.ts';
import type { CliIo } from './io.ts';
import { findServer, homeFolder, type ServerPlace } from './server-place.ts';

/** Opening a big database and repairing what a crash left behind takes seconds, not minutes. */
const WAIT_MS = 10_000;
/** A server that ended at once may have lost against another that starts on the same home: that one gets this long. */
const GRACE_AFTER_END_MS = 2_000;
const LOOK_EVERY_MS = 50;
const HEALTH_SILENCE_MS = 2_000;

export async function startInBackground(io: CliIo, agent: Agent): Promise<ServerPlace> {
  const logs = join(homeFolder(io), 'logs');
  const logFile = join(logs, 'server-start.log');
  await mkdir(logs, { recursive: true, mode: 0o700 });
  io.err.write('gluon: no server runs; starting one in the background ("gluon down" stops it).\n');
  const child = await io.startServerInBackground(logFile);
  let deadlineMs = io.clock.monotonicMs() + WAIT_MS;
  let endSeen = false;
  while (io.clock.monotonicMs() < deadlineMs) {
    const place = await findServer(io);
    if (place !== null && (await answers(place, agent))) return place;
    if (!endSeen && child.hasEnded()) {
      endSeen = true;
      deadlineMs = Math.min(deadlineMs, io.clock.monotonicMs() + GRACE_AFTER_END_MS);
    }
    await io.clock.sleep(LOOK_EVERY_MS);
  }
  throw new GluonError('autostart_failed', { log: logFile, why: await lastWords(logFile) });
}

async function answers(place: ServerPlace, agent: Agent): Promise<boolean> {
  try {
    const { status, body } = await requestJson(place, 'GET', '/api/health', undefined, agent, HEALTH_SILENCE_MS);
    return status === 200 && (body as { status?: unknown } | null)?.status === 'ok';
  } catch {
    // Not up yet; the caller looks again until its deadline.
    return false;
  }
}

async function lastWords(logFile: string): Promise<string> {
  try {
    const lines = (await readFile(logFile, 'utf8')).trim().split('\n');
    // What it said of itself when it refused, without the frame that is put around it here.
    const refusal = lines.findLast((line) => line.startsWith('gluon: '))?.slice('gluon: '.length);
    return (refusal ?? lines.slice(-3).join(' ')).slice(-600).replace(/\.$/, '') || 'it said nothing';
  } catch {
    // The log is only a help for the sentence; the failure itself is reported either way.
    return 'it left no log';
  }
}
