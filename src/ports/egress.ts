/** The allow-listing proxy through which a strict sandbox reaches anything but the model. */
import type { EgressDecision, EgressPolicy } from '../contract/resources.ts';

export interface EgressSession {
  /** Unix socket to mount. */
  readonly socket: string;
  /** Takes effect for the next connection. */
  setPolicy(policy: EgressPolicy, alsoAllowed: string[]): void;
  readonly bytes: number;
  close(): Promise<void>;
}

export interface EgressProxy {
  open(
    runId: string,
    options: {
      policy: EgressPolicy;
      alsoAllowed: string[];
      maxBytes: number | null;
      onDecision: (decision: EgressDecision) => void;
      onLimit: (bytes: number) => void;
    },
  ): Promise<EgressSession>;
  /** Host names that a policy stands for; `packages` reads the host's own npm, pip, cargo, go, … configuration now. */
  names(policy: EgressPolicy): Promise<string[]>;
  close(): Promise<void>;
}
