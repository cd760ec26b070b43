/** The allow-listing proxy: one Unix socket per run, on the host, where names are resolved and addresses are judged. */
import { lookup } from 'node:dns/promises';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { GluonError } from '../../../contract/errors.ts';
import type { EgressPolicy } from '../../../contract/resources.ts';
import { parseEgressName } from '../../../core/net/egress-rule.ts';
import type { EgressProxy, EgressSession } from '../../../ports/egress.ts';
import type { Clock } from '../../../ports/system.ts';
import { decisions } from './decisions.ts';
import { hostRegistries } from './registries.ts';
import { type Lookup, type ProxySession, proxySession } from './session.ts';

export interface EgressProxyOptions {
  /** Folder for the sockets; its path must be short (a socket's path has at most 107 bytes). */
  folder: string;
  /** The host's environment: where the person's package tools look for their registries. */
  environment: Readonly<Record<string, string | undefined>>;
  /** In place of asking those tools. */
  registries?: () => Promise<string[]>;
  clock: Clock;
  lookup?: Lookup;
  /** Only for tests that have their servers on loopback. */
  permitPrivate?: boolean;
}

const MAX_SOCKET_PATH = 107;
const SOCKET_PREFIX = 'egress-';

export function egressProxy(options: EgressProxyOptions): EgressProxy {
  const sessions = new Set<ProxySession>();
  const registries = options.registries ?? hostRegistries({ environment: options.environment, clock: options.clock });
  let ready: Promise<void> | undefined;
  let opened = 0;
  const names = async (policy: EgressPolicy): Promise<string[]> => {
    if (policy === 'none' || policy === 'all') return [];
    return policy === 'packages' ? await registries() : canonical(policy);
  };
  return {
    names,
    async open(_runId, session): Promise<EgressSession> {
      ready ??= emptySocketFolder(options.folder);
      await ready;
      opened += 1;
      const socket = `${options.folder}/${SOCKET_PREFIX}${process.pid}-${opened}.sock`;
      if (Buffer.byteLength(socket) > MAX_SOCKET_PATH) {
        throw new GluonError('sandbox_unavailable', { level: 'strict', why: `the path of the egress socket is too long: ${socket}` });
      }
      let rules = rulesOf(session.policy, session.alsoAllowed, names);
      const proxy = proxySession({
        socket,
        maxBytes: session.maxBytes,
        lookup: options.lookup ?? ((host) => lookup(host, { all: true, verbatim: true })),
        permitPrivate: options.permitPrivate ?? false,
        decisions: decisions(options.clock, session.onDecision),
        onLimit: session.onLimit,
        rules: () => rules(),
        clock: options.clock,
      });
      await proxy.listening;
      sessions.add(proxy);
      return {
        socket,
        get bytes() {
          return proxy.bytes();
        },
        setPolicy(policy, alsoAllowed) {
          rules = rulesOf(policy, alsoAllowed, names);
        },
        async close() {
          sessions.delete(proxy);
          await proxy.close();
          await rm(socket, { force: true });
        },
      };
    },
    async close() {
      await Promise.all([...sessions].map((session) => session.close()));
      sessions.clear();
    },
  };
}

/** Sockets that a killed server left are in nobody's use: one server has one home. */
async function emptySocketFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stale = (await readdir(folder)).filter((name) => name.startsWith(SOCKET_PREFIX));
  await Promise.all(stale.map((name) => rm(`${folder}/${name}`, { force: true })));
}

/** Null stands for all names. Registries are read when the first connection asks, then kept for the session. */
function rulesOf(
  policy: EgressPolicy,
  alsoAllowed: readonly string[],
  names: (policy: EgressPolicy) => Promise<string[]>,
): () => Promise<readonly string[] | null> {
  if (policy === 'all') return async () => null;
  let known: Promise<readonly string[]> | undefined;
  return () => {
    known ??= names(policy).then((list) => [...canonical(list), ...canonical(alsoAllowed)]);
    return known;
  };
}

/** What cannot be a name allows nothing. */
function canonical(list: readonly string[]): string[] {
  return list.map(parseEgressName).filter((name) => name !== null);
}
