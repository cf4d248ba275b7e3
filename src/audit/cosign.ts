import { eq } from 'drizzle-orm';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import type { Result } from '../result.ts';
import type { Checkpoint } from './checkpoint.ts';
import { LogStopped } from './log-state.ts';
import { consistencyProof, type ReadSubtree } from './merkle-proof.ts';
import type { VerifierKey } from './note.ts';
import { logWitnesses, type WitnessStanding } from './tables.ts';
import { askWitness, type WitnessTrouble } from './witness-client.ts';
import { cosigners, type WitnessPolicy } from './witness-policy.ts';

export interface Witnessing {
  readonly policy: WitnessPolicy;
  readonly clock: Clock;
}

/** Too few witnesses have cosigned: the checkpoint is not published, and asked for again in the next round. */
export class QuorumMissing extends Error {
  override readonly name = 'QuorumMissing';
}

/** A witness that has just failed does not hold up a checkpoint that the others are enough for. */
const restMs = 30_000;

interface ToCosign {
  readonly database: Database;
  readonly checkpoint: Checkpoint;
  readonly note: string;
  /** The subtrees of the checkpoint's own tree. */
  readonly read: ReadSubtree;
}

/**
 * The checkpoint with the cosignatures of those who have seen it. All are asked at once, but those that failed a moment ago only
 * where the others are too few.
 *
 * @throws {QuorumMissing}
 * @throws LogStopped when a witness has seen a larger log, or another of this size
 */
export async function cosign({ policy, clock }: Witnessing, toCosign: ToCosign): Promise<string> {
  const { database, checkpoint, note } = toCosign;
  const now = clock.now();
  const standings = await readStandings(database, checkpoint.origin);
  const [resting, ready] = partition(reachable(policy), ({ name }) => {
    const troubleAt = standings.get(name)?.troubleAt ?? null;
    return troubleAt !== null && now.getTime() - troubleAt.getTime() < restMs;
  });
  let cosigned = note;
  for (const witnesses of [ready, resting]) {
    const answers = await Promise.all(
      witnesses.map(async (witness) => {
        const answer = await askFrom(witness, toCosign, standings.get(witness.name)?.size ?? 0n);
        return { name: witness.name, answer };
      }),
    );
    await remember(database, { checkpoint, at: now, answers });
    cosigned += answers.map(({ answer }) => (answer.ok ? answer.value : '')).join('');
    if (policy.isQuorum(await cosigners(cosigned, policy))) return cosigned;
  }
  throw new QuorumMissing('too few witnesses have cosigned');
}

interface ReachableWitness {
  readonly name: string;
  readonly key: VerifierKey;
  readonly url: string;
}

function reachable({ witnesses }: WitnessPolicy): readonly ReachableWitness[] {
  return witnesses.flatMap(({ name, key, url }) => (url === null ? [] : [{ name, key, url }]));
}

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

/** Once more where the witness has seen another size than was believed: a database that was restored believes too little. */
async function askFrom(
  witness: ReachableWitness,
  { note, checkpoint: { size }, read }: ToCosign,
  believed: bigint,
): Promise<Result<string, WitnessTrouble>> {
  const ask = async (oldSize: bigint) => {
    const proof = oldSize === 0n || oldSize === size ? [] : await consistencyProof(oldSize, size, read);
    return askWitness(witness, { oldSize, proof, checkpoint: note });
  };
  const from = believed <= size ? believed : 0n;
  const first = await ask(from);
  if (first.ok || first.fault.code !== 'witness.elsewhere') return first;
  const { size: known } = first.fault;
  if (known > size) throw new LogStopped('forked', 'a witness has seen a larger log than the database holds');
  const second = known === from ? first : await ask(known);
  if (second.ok || second.fault.code !== 'witness.elsewhere') return second;
  // It has seen this very size, and this root is not what it saw.
  if (known === size) throw new LogStopped('forked', 'a witness has seen another log of this size');
  return second;
}

async function readStandings(database: Database, origin: string): Promise<ReadonlyMap<string, WitnessStanding>> {
  const rows = await database.transaction(systemScope('sequencer'), (tx) =>
    tx.select().from(logWitnesses).where(eq(logWitnesses.origin, origin)),
  );
  return new Map(rows.map((row) => [row.witness, row]));
}

/** For the next round, and for the people who look after the log: who has cosigned what, and who fails. */
async function remember(
  database: Database,
  {
    checkpoint: { origin, size },
    at,
    answers,
  }: {
    readonly checkpoint: Checkpoint;
    readonly at: Date;
    readonly answers: readonly { readonly name: string; readonly answer: Result<string, WitnessTrouble> }[];
  },
): Promise<void> {
  if (answers.length === 0) return;
  await database.transaction(systemScope('sequencer'), async (tx) => {
    for (const { name: witness, answer } of answers) {
      const set = answer.ok
        ? { size, cosignedAt: at, trouble: null, troubleAt: null }
        : { trouble: answer.fault.code, troubleAt: at };
      await tx
        .insert(logWitnesses)
        .values({ origin, witness, size: 0n, ...set })
        .onConflictDoUpdate({ target: [logWitnesses.origin, logWitnesses.witness], set });
    }
  });
}
