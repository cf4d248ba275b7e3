import type { Clock } from '../clock.ts';
import type { Database } from '../database/connection.ts';
import type { ObjectStore } from '../objects/store.ts';
import { claimIdleLog, keepClaim, type LogClaim, releaseClaim } from './claim.ts';
import { QuorumMissing, type Witnessing } from './cosign.ts';
import { findLogs } from './find-logs.ts';
import { openLogKey } from './log-key.ts';
import { type LogName, logAt } from './log-name.ts';
import type { BoardOf } from './log-slices.ts';
import { LogStopped } from './log-state.ts';
import type { NoteSigner } from './note.ts';
import { publish } from './publisher.ts';
import { reconcileLog } from './restore.ts';
import { sequence } from './sequencer.ts';

export interface LogLoopInput {
  readonly database: Database;
  readonly store: ObjectStore;
  readonly clock: Clock;
  /** The gateway's own part of the origin, e.g. `hikitsugi.example/log`. */
  readonly base: string;
  /** 32 bytes, from `openAuditKey(…, 'log')`. */
  readonly seed: Uint8Array;
  readonly boardOf?: BoardOf;
  readonly witnessing?: Witnessing | null;
  readonly intervalMs?: number;
  /** How long a silent process keeps the log to itself. */
  readonly idleMs?: number;
  /** Told once per change of state, with the error that caused it. */
  onTrouble(reason: unknown): void;
}

/** `standby`: another process appends, which is well; `stopped`: a person has to look. */
export type LogLoopState = 'starting' | 'running' | 'standby' | 'troubled' | 'stopped';

export interface LogLoop {
  state(): LogLoopState;
  /** When a round last went through, here or (standby) was seen to be another's. */
  lastRound(): Date | null;
  /** Ends after the round under way, and lets another process take over at once. */
  stop(): Promise<void>;
}

interface Held {
  readonly log: LogName;
  readonly signer: NoteSigner;
  readonly claim: LogClaim;
  /** Logs of former years that may lack their last checkpoint. */
  readonly unfrozen: LogName[];
}

/** Sequences and publishes for as long as the process lives; of several processes one does it at a time. */
export function startLogLoop(input: LogLoopInput): LogLoop {
  const stopping = new AbortController();
  let state: LogLoopState = 'starting';
  let lastRound: Date | null = null;
  let held: Held | null = null;
  const ended = run();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted && state !== 'stopped') {
      const before = state;
      try {
        held = await holdLog(input, held);
        state = held === null ? 'standby' : 'running';
        if (held !== null) await playRound(input, held);
        lastRound = input.clock.now();
      } catch (reason) {
        state = stateAfter(reason);
        // What was appended stays ours while witnesses are missing. Else our own claim must not make us wait until it looks abandoned.
        if (held !== null && !(reason instanceof QuorumMissing)) {
          await releaseClaim(input.database, held.claim).catch(() => undefined);
          held = null;
        }
        if (state !== 'standby' && state !== before) input.onTrouble(reason);
      }
      const { intervalMs = 500, idleMs = 5000 } = input;
      await pause(state === 'running' ? intervalMs : idleMs / 5, stopping.signal);
    }
    if (held !== null) await releaseClaim(input.database, held.claim).catch(() => undefined);
  }

  return {
    state: () => state,
    lastRound: () => lastRound,
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

/** The claim on the log of this school year; null while another process has it. */
async function holdLog(input: LogLoopInput, held: Held | null): Promise<Held | null> {
  const log = logAt(input.base, input.clock.now());
  if (held?.log.origin === log.origin) return held;
  if (held !== null) await releaseClaim(input.database, held.claim);
  const claim = await claimIdleLog(input.database, log.origin, input.idleMs ?? 5000);
  if (claim === null) return null;
  const signer = await openLogKey(log.origin, input.seed);
  await reconcileLog({ database: input.database, store: input.store, log, logKey: signer.key });
  const logs = await findLogs(input.database, input.base);
  return { log, signer, claim, unfrozen: logs.filter(({ origin }) => origin !== log.origin) };
}

/** On 1 April a new log begins; what the old one still owes gets its last checkpoint, also after a long sleep. */
async function freezeOlderLogs(input: LogLoopInput, held: Held): Promise<void> {
  while (held.unfrozen[0] !== undefined) {
    const [log] = held.unfrozen;
    const signer = await openLogKey(log.origin, input.seed);
    await publish({ ...input, log, signer, witnessing: input.witnessing ?? null });
    held.unfrozen.shift();
  }
}

async function playRound(input: LogLoopInput, held: Held): Promise<void> {
  const { database, store, clock, boardOf, witnessing = null } = input;
  const settings = boardOf === undefined ? { clock } : { clock, boardOf };
  if ((await sequence(database, held.claim, settings)) === 0) await keepClaim(database, held.claim);
  await publish({ database, store, log: held.log, signer: held.signer, witnessing });
  await freezeOlderLogs(input, held);
}

function stateAfter(reason: unknown): LogLoopState {
  if (!(reason instanceof LogStopped)) return 'troubled';
  switch (reason.reason) {
    case 'taken-over':
      return 'standby';
    case 'clock-went-back':
      return 'troubled';
    case 'forked':
    case 'damaged':
      return 'stopped';
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}
