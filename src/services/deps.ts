/** What the use cases need, handed in by composition. */
import type { Redactor } from '../core/text/redaction.ts';
import type { AgentRuntime } from '../ports/agent.ts';
import type { Bus } from '../ports/bus.ts';
import type { EgressProxy } from '../ports/egress.ts';
import type { Home } from '../ports/files.ts';
import type { Credentials, Gateway, GatewayAddress } from '../ports/gateway.ts';
import type { Git } from '../ports/git.ts';
import type { PushSender } from '../ports/push.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { Settings } from '../ports/settings.ts';
import type { Store } from '../ports/store.ts';
import type { Clock, FaultPoint, Log, Random } from '../ports/system.ts';
import type { ImageFiles, Transcripts } from '../ports/transcript.ts';
import type { AgentNotes } from './agent-notes.ts';
import type { FileLists } from './file-lists.ts';
import type { LiveAttempts } from './live-attempts.ts';

export interface Deps {
  readonly version: string;
  /** Names this server among all that may ever work on this home. */
  readonly workerId: string;
  readonly store: Store;
  readonly transcripts: Transcripts;
  /** Takes what an agent tells beside its transcript. */
  readonly notes: AgentNotes;
  readonly images: ImageFiles;
  readonly git: Git;
  readonly fileLists: FileLists;
  readonly sandbox: Sandbox;
  readonly egress: EgressProxy;
  readonly gateway: Gateway;
  readonly gatewayAddress: () => GatewayAddress;
  readonly credentials: Credentials;
  readonly agents: ReadonlyMap<string, AgentRuntime>;
  readonly settings: Settings;
  readonly home: Home;
  readonly push: PushSender;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly fault: FaultPoint;
  readonly live: LiveAttempts;
  /** Runs in whose working copy Gluon itself works right now (removing, salvaging): they start nothing until that is done. */
  readonly held: Set<string>;
  /** Asks the dispatcher to look again soon. */
  readonly wake: () => void;
  /** Takes every secret that is known now out of a text. */
  readonly redact: (text: string) => string;
  /** The same for an attempt, with credentials read anew and secrets of its own, which stay known until they are forgotten. */
  readonly redaction: {
    forAttempt(extraSecrets: readonly string[]): Promise<Redactor>;
    forget(extraSecrets: readonly string[]): void;
  };
  /** Whether a money cap can be kept for a model: its price is known. */
  readonly priceKnown: (model: string) => boolean;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

export function now(deps: Pick<Deps, 'clock'>): string {
  return iso(deps.clock.nowMs());
}
