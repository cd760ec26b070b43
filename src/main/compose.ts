/** Builds every adapter and hands them to the services. */
import { claudeRuntime } from '../adapters/agent/claude/runtime.ts';
import { fakeRuntime } from '../adapters/agent/fake/runtime.ts';
import { memoryBus } from '../adapters/bus/memory/bus.ts';
import { hostCredentials } from '../adapters/credentials/host.ts';
import { egressProxy } from '../adapters/egress/proxy/proxy.ts';
import { httpGateway } from '../adapters/gateway/http/http-gateway.ts';
import { gitCli } from '../adapters/git/cli/git-cli.ts';
import type { OpenedHome } from '../adapters/home/open.ts';
import { imageFiles } from '../adapters/images/files/images.ts';
import { webPushSender } from '../adapters/push/web-push/sender.ts';
import { bubblewrapSandbox } from '../adapters/sandbox/bubblewrap/sandbox.ts';
import { fileSettings } from '../adapters/settings/file/settings.ts';
import { openSqliteStore } from '../adapters/store/sqlite/open.ts';
import { transcriptFiles } from '../adapters/transcript/files/transcripts.ts';
import { priceOf } from '../core/money/prices.ts';
import type { AgentRuntime } from '../ports/agent.ts';
import type { GatewayAddress } from '../ports/gateway.ts';
import type { Clock, FaultPoint, Log, Random } from '../ports/system.ts';
import { runAttempt } from '../services/attempt/run-attempt.ts';
import type { Deps } from '../services/deps.ts';
import { type Dispatcher, dispatcher } from '../services/dispatch.ts';
import { fileLists } from '../services/file-lists.ts';
import { liveAttempts } from '../services/live-attempts.ts';
import { type ModelCallMeter, meterModelCalls } from '../services/meter-model-calls.ts';
import { rateLimitNotes } from '../services/note-rate-limit.ts';
import { noteProblem } from '../services/problems.ts';
import { type TranscriptDigest, transcriptDigest } from '../services/transcript-digest.ts';
import { unitOfWork } from '../services/unit-of-work.ts';
import type { OpenedThings } from './opened-things.ts';
import type { liveRedaction } from './redaction.ts';
import { sandboxRules } from './sandbox-rules.ts';

export interface World {
  home: OpenedHome;
  environment: Readonly<Record<string, string | undefined>>;
  userHome: string;
  version: string;
  clock: Clock;
  random: Random;
  log: Log;
  fault: FaultPoint;
  redaction: ReturnType<typeof liveRedaction>;
}

export interface Composition {
  deps: Deps;
  digest: TranscriptDigest;
  meter: ModelCallMeter;
  dispatcher: Dispatcher;
  /** Attempts that are still at work. */
  atWork(): Promise<void>;
}

function tellLost(deps: Pick<Deps, 'store' | 'bus' | 'redact' | 'settings' | 'log'>, runId: string): void {
  unitOfWork(deps, (unit) =>
    unit.record('transcript.lost', { why: 'the file was removed or cut by somebody else' }, { runId, actor: 'gluon' }),
  ).catch((error: unknown) => noteProblem(deps, 'transcript', error, runId));
}

/** What it opens is closed by `opened`, also when it throws half-way. */
export async function compose(world: World, opened: OpenedThings): Promise<Composition> {
  const { home, environment, clock, random, log, redaction } = world;
  const redact = (text: string): string => redaction.redact(text);
  const settings = fileSettings({ home: home.path, environment, clock });
  const store = await openSqliteStore({ path: `${home.path}/gluon.db`, clock, log });
  opened.add(() => store.close());
  const bus = memoryBus(log);
  const live = liveAttempts();
  const credentials = hostCredentials({ home: home.path, userHome: world.userHome, environment });
  redaction.learn(credentials);
  const meter = meterModelCalls({
    store,
    bus,
    redact,
    settings,
    clock,
    random,
    log,
    onSeen: (runId) => live.get(runId)?.seen(),
    onRateLimited: rateLimitNotes({ store, bus, redact, settings, log, clock, live }),
  });
  const gateway = httpGateway({ socketPath: `${home.socketFolder}/gateway.sock`, meter, credentials, clock, random, log });
  let address: GatewayAddress = { socket: '', tcpPort: 0 };
  const files = transcriptFiles({
    logFolder: (runId) => home.logFolder(runId),
    clock,
    onLost: (runId) => tellLost({ store, bus, redact, settings, log }, runId),
  });
  opened.add(() => files.close());
  const digest = transcriptDigest({ store, bus, redact, settings, log, clock }, files);
  opened.add(() => digest.close());
  const agents = new Map<string, AgentRuntime>([claudeRuntime({ clock, log })].map((agent) => [agent.id, agent]));
  // The fake agent obeys its prompt literally: for tests of Gluon itself, never offered otherwise.
  if (environment.GLUON_FAKE_AGENT === '1') agents.set('fake', fakeRuntime({ clock, random }));
  let wake = () => {};
  const egress = egressProxy({ folder: `${home.socketFolder}/egress`, clock, environment });
  opened.add(() => egress.close());
  opened.add(() => gateway.close());
  const git = gitCli({ clock, log, environment, stateFolder: `${home.path}/git`, fault: world.fault });
  const deps: Deps = {
    version: world.version,
    workerId: random.id(),
    store,
    transcripts: digest.transcripts,
    notes: digest.notes,
    images: imageFiles({ folder: `${home.path}/images` }),
    git,
    fileLists: fileLists(git),
    sandbox: bubblewrapSandbox({
      folder: `${home.path}/sandbox`,
      homeId: home.id,
      rules: sandboxRules(home.path, world.userHome),
      environment,
      clock,
    }),
    egress,
    gateway,
    gatewayAddress: () => address,
    credentials,
    push: await webPushSender({ keyFile: `${home.path}/push.json`, contact: () => settings.get('push_contact'), clock }),
    agents,
    settings,
    home,
    bus,
    clock,
    random,
    log,
    fault: world.fault,
    live,
    held: new Set(),
    wake: () => wake(),
    redact,
    redaction,
    priceKnown: (model) => priceOf(model, settings.get('prices')) !== null,
  };
  address = await gateway.start();
  const atWork = new Set<Promise<void>>();
  const starter = dispatcher(deps, (claim) => {
    const done = runAttempt(deps, claim)
      .catch((error: unknown) => noteProblem(deps, 'attempt', error, claim.run.id))
      .finally(() => atWork.delete(done));
    atWork.add(done);
  });
  wake = () => starter.wake();
  return {
    deps,
    digest,
    meter,
    dispatcher: starter,
    async atWork() {
      while (atWork.size > 0) await Promise.all(atWork);
    },
  };
}
