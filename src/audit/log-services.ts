import type { ActorScope } from '../database/scope.ts';
import { openLogKey } from './log-key.ts';
import { type LogName, logOfYear } from './log-name.ts';
import type { NoteSigner, VerifierKey } from './note.ts';
import { findProof, type ProofSource } from './proof.ts';

/** What the rooms are given of the log. */
export interface LogServices {
  /** The gateway's part of every origin; the school year follows it. */
  readonly base: string;
  /** The key of the log of an origin, for verifiers; null for an origin that is not ours. */
  keyOf(origin: string): Promise<VerifierKey | null>;
  /** The tlog-proof of an event that the scope may see, once a published checkpoint covers it. */
  findProof(scope: ActorScope, eventId: string): Promise<string | null>;
}

/** Opens the services over the seed of the log's key (32 bytes). */
export function openLogServices(
  input: Pick<ProofSource, 'database' | 'store'> & { readonly base: string; readonly seed: Uint8Array },
): LogServices {
  const signers = new Map<string, Promise<NoteSigner>>();
  const logOf = async (origin: string): Promise<{ readonly log: LogName; readonly key: VerifierKey } | null> => {
    const year = origin.startsWith(`${input.base}/`) ? Number(origin.slice(input.base.length + 1)) : Number.NaN;
    if (!Number.isInteger(year) || year < 2000 || year > 9999) return null;
    const log = logOfYear(input.base, year);
    const signer = signers.get(log.origin) ?? openLogKey(log.origin, input.seed);
    signers.set(log.origin, signer);
    return { log, key: (await signer).key };
  };
  return {
    base: input.base,
    keyOf: async (origin) => (await logOf(origin))?.key ?? null,
    findProof: (scope, eventId) => findProof({ database: input.database, store: input.store, logOf }, scope, eventId),
  };
}
