import type { Clock } from '../clock.ts';
import type { ActorScope } from '../database/scope.ts';
import type { Result } from '../result.ts';
import type { OpenDetail } from './detail.ts';
import { type OwnSlice, stateSlice } from './export-slice.ts';
import { findLineEvidence, type LineEvidence } from './line-evidence.ts';
import { openLogKey } from './log-key.ts';
import { type LogName, logOfYear } from './log-name.ts';
import type { NoteSigner, VerifierKey } from './note.ts';
import { findProof, type ProofSource } from './proof.ts';
import { findProvenDetail, type ProvenDetail, type ProvenDetailReason } from './proven-detail.ts';

/** What the rooms are given of the log. */
export interface LogServices {
  /** The gateway's part of every origin; the school year follows it. */
  readonly base: string;
  /** The key of the log of an origin, for verifiers; null for an origin that is not ours. */
  keyOf(origin: string): Promise<VerifierKey | null>;
  /** Signs how many entries a slice has at its newest checkpoint. */
  stateSlice(slice: OwnSlice, clock: Clock): Promise<string>;
  /** The tlog-proof of an event that the scope may see, once a published checkpoint covers it. */
  findProof(scope: ActorScope, eventId: string): Promise<string | null>;
  /** Proofs and openings of lines that whoever calls has found to be visible. */
  findLineEvidence(eventIds: readonly string[]): Promise<ReadonlyMap<string, LineEvidence>>;
  /** Opens an event's sealed detail with the gateway's key; null when it is another's. */
  readonly openDetail: OpenDetail;
  /** What an event that the scope may see has committed to; remembered once it was proven, since the log only grows. */
  findProvenDetail(scope: ActorScope, eventId: string): Promise<Result<ProvenDetail, ProvenDetailReason>>;
}

const maxRemembered = 10_000;

/** Opens the services over the seed of the log's key (32 bytes). */
export function openLogServices(
  input: Pick<ProofSource, 'database' | 'store'> & {
    readonly base: string;
    readonly seed: Uint8Array;
    readonly openDetail: OpenDetail;
  },
): LogServices {
  const signers = new Map<string, Promise<NoteSigner>>();
  const signerOf = async (origin: string): Promise<{ readonly log: LogName; readonly signer: NoteSigner } | null> => {
    const year = origin.startsWith(`${input.base}/`) ? Number(origin.slice(input.base.length + 1)) : Number.NaN;
    if (!Number.isInteger(year) || year < 2000 || year > 9999) return null;
    const log = logOfYear(input.base, year);
    const signer = signers.get(log.origin) ?? openLogKey(log.origin, input.seed);
    signers.set(log.origin, signer);
    return { log, signer: await signer };
  };
  const logOf = async (origin: string): Promise<{ readonly log: LogName; readonly key: VerifierKey } | null> => {
    const found = await signerOf(origin);
    return found === null ? null : { log: found.log, key: found.signer.key };
  };
  const source = { ...input, logOf };
  const proven = new Map<string, Result<ProvenDetail, ProvenDetailReason>>();
  return {
    base: input.base,
    openDetail: input.openDetail,
    keyOf: async (origin) => (await logOf(origin))?.key ?? null,
    async stateSlice(slice, clock) {
      const found = await signerOf(slice.origin);
      if (found === null) throw new Error('the slice is of no log of this gateway');
      return stateSlice(slice, found.signer, clock);
    },
    findProof: (scope, eventId) => findProof(source, scope, eventId),
    findLineEvidence: (eventIds) => findLineEvidence(source, eventIds),
    async findProvenDetail(scope, eventId) {
      const key = `${scope.school ?? ''}/${eventId}`;
      const known = proven.get(key);
      if (known !== undefined) return known;
      const found = await findProvenDetail(source, scope, eventId);
      if (found.ok && proven.size < maxRemembered) proven.set(key, found);
      return found;
    },
  };
}
