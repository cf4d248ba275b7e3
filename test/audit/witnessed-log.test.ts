import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerType, serve } from '@hono/node-server';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAll } from '../../src/audit/bytes.ts';
import { claimLog } from '../../src/audit/claim.ts';
import { QuorumMissing } from '../../src/audit/cosign.ts';
import { readLogHealth } from '../../src/audit/log-health.ts';
import { openWitnessKey } from '../../src/audit/log-key.ts';
import { type LogLoop, startLogLoop } from '../../src/audit/loop.node.ts';
import { formatVerifierKey } from '../../src/audit/note.ts';
import { findProof } from '../../src/audit/proof.ts';
import { parseProof } from '../../src/audit/proof-text.ts';
import { publish } from '../../src/audit/publisher.ts';
import { verifyLog } from '../../src/audit/verify-log.ts';
import { createWitness, everyYearOf } from '../../src/audit/witness.ts';
import { witnessApp } from '../../src/audit/witness-app.ts';
import { cosigners, parsePolicy, type WitnessPolicy } from '../../src/audit/witness-policy.ts';
import { openWitnessFile, type WitnessFile } from '../../src/audit/witness-state.node.ts';
import { systemClock } from '../../src/clock.ts';
import {
  anEvent,
  append,
  appendMany,
  exportToMemory,
  openTestLog,
  playLog,
  readerOf,
  resetTestLog,
  schoolA,
  sequenceAll,
  type TestLog,
} from './test-log.ts';

interface RunningWitness {
  readonly line: string;
  readonly forks: string[];
  /** Answers no more, as a machine that is off. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

describe('a log with witnesses', () => {
  let log: TestLog;
  let folder: string;
  let witnesses: RunningWitness[];
  beforeAll(async () => {
    log = await openTestLog();
  });
  afterAll(() => log.close());
  beforeEach(async () => {
    const admin = postgres(log.test.adminUrl, { max: 1 });
    await admin`truncate log_witnesses`;
    await admin.end();
    const fresh = await resetTestLog(log);
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-witnesses-'));
    witnesses = await Promise.all(['A', 'B', 'C'].map((name) => startWitness(fresh, join(folder, name), name)));
    log = { ...fresh, witnessing: { policy: policyOf(witnesses), clock: systemClock } };
  });
  afterEach(async () => {
    await Promise.all(witnesses.map((witness) => witness.stop()));
    await rm(folder, { recursive: true });
  });

  const publishedNote = async () => {
    const body = await log.store.get(`${log.log.prefix}/checkpoint`);
    return body === null ? null : Buffer.from(await readAll(body)).toString();
  };
  const cosignedBy = async (note: string | null) =>
    (await cosigners(note ?? '', log.witnessing?.policy ?? expect.fail())).map(({ name }) => name);

  it('publishes what they have cosigned, round after round, and proofs carry it', async () => {
    const [event] = await append(log, [anEvent()]);
    const claim = await playLog(log);
    expect(await cosignedBy(await publishedNote())).toEqual(['a.example', 'b.example', 'c.example']);
    await appendMany(log, 300);
    await sequenceAll(log, claim);
    expect((await publish(log))?.size).toBe(301n);
    expect(await cosignedBy(await publishedNote())).toHaveLength(3);
    const logOf = async () => ({ log: log.log, key: log.signer.key });
    const text = await findProof({ ...log, logOf }, { actor: 'staff:1', school: schoolA }, event?.eventId ?? '');
    const proof = parseProof(text ?? '');
    expect(proof.ok && (await cosignedBy(proof.value.checkpoint))).toHaveLength(3);
  });

  it('verifies offline by a policy, and not by the log’s word alone', async () => {
    await appendMany(log, 300);
    const claim = await playLog(log);
    const { policy } = log.witnessing ?? expect.fail();
    const logKey = log.signer.key;
    const verify = async (by: WitnessPolicy) =>
      (await verifyLog({ read: readerOf(await exportToMemory(log, 'hashes')), logKey, policy: by })).findings;
    expect(await verify(policy)).toEqual([]);
    // Signed by the log alone, as an operator would for one reader.
    await appendMany(log, 3);
    await sequenceAll(log, claim);
    await publish({ ...log, witnessing: null });
    expect(await verify(policy)).toEqual([{ code: 'quorum.missing', cosigned: '' }]);
    expect(await verify({ ...policy, isQuorum: () => true })).toEqual([]);
  });

  it('L-06 goes on with two of three, stops publishing with one, loses nothing, and goes on when they are back', async () => {
    const [a, b] = witnesses;
    await b?.stop();
    await appendMany(log, 3);
    const claim = await playLog(log);
    expect(await cosignedBy(await publishedNote())).toEqual(['a.example', 'c.example']);
    await a?.stop();
    await appendMany(log, 3);
    await sequenceAll(log, claim);
    await expect(publish(log)).rejects.toThrow(QuorumMissing);
    expect(await publishedNote()).toContain('\n3\n');
    // What waits for witnesses waits visibly: after four hours nothing new is accepted.
    const later = new Date(Date.now() + 4 * 3_600_000 + 1000);
    const health = await readLogHealth(log.database, later);
    expect(health.state).toBe('stalled');
    expect(health.witnesses.map(({ witness, trouble }) => [witness, trouble])).toEqual([
      ['A', 'witness.unreachable'],
      ['B', 'witness.unreachable'],
      ['C', null],
    ]);
    await Promise.all([a?.start(), b?.start()]);
    expect((await publish(log))?.size).toBe(6n);
    // B had missed a checkpoint, and was told from where to prove.
    expect(await cosignedBy(await publishedNote())).toHaveLength(3);
    expect((await readLogHealth(log.database, later)).witnesses.every(({ trouble }) => trouble === null)).toBe(true);
  });

  it('L-04 stops a log whose database was rewritten and whose bucket was emptied: the witnesses have seen another', async () => {
    await appendMany(log, 4);
    await playLog(log);
    const { witnessing, signer, seed } = log;
    log = { ...(await resetTestLog(log)), witnessing, signer, seed };
    await appendMany(log, 4);
    await expect(playLog(log)).rejects.toMatchObject({ name: 'LogStopped', reason: 'forked' });
    expect(await publishedNote()).toBeNull();
    expect(witnesses.map(({ forks }) => forks.length)).toEqual([1, 1, 1]);
  });

  it('F-20 stops a log that was rolled back together with its bucket', async () => {
    await appendMany(log, 4);
    await playLog(log);
    const { witnessing, signer, seed } = log;
    log = { ...(await resetTestLog(log)), witnessing, signer, seed };
    await appendMany(log, 2);
    await expect(playLog(log)).rejects.toMatchObject({ name: 'LogStopped', reason: 'forked' });
  });

  it('asks a witness that failed only where the others are too few', async () => {
    await witnesses[0]?.stop();
    await appendMany(log, 1);
    const claim = await playLog(log);
    await witnesses[0]?.start();
    await appendMany(log, 1);
    await sequenceAll(log, claim);
    await publish(log);
    expect(await cosignedBy(await publishedNote())).toEqual(['b.example', 'c.example']);
  });

  it('believes no witness whose answer is somebody else’s signature', async () => {
    // The policy of somebody who has mixed up two addresses.
    const [a, b, c] = witnesses.map(({ line }) => line.split(' '));
    const mixed = [a, b, c].map((one, at) => [...(one ?? []).slice(0, 3), [b, c, a][at]?.[3]].join(' '));
    const policy = parsePolicy(`${mixed.join('\n')}\ngroup W 1 A B C\nquorum W\n`);
    if (!policy.ok) throw new Error(policy.fault.reason);
    await appendMany(log, 1);
    const claim = await claimLog(log.database, log.log.origin);
    await sequenceAll(log, claim);
    const witnessing = { policy: policy.value, clock: systemClock };
    await expect(publish({ ...log, witnessing })).rejects.toThrow(QuorumMissing);
    const { witnesses: standings } = await readLogHealth(log.database, new Date());
    expect(standings.map(({ trouble }) => trouble)).toEqual(Array(3).fill('witness.bad-signature'));
  });

  describe('as the loop of a gateway', () => {
    let loop: LogLoop | null = null;
    afterEach(() => loop?.stop());

    it('L-06 keeps its claim while witnesses are missing, says so once, and publishes when they are back', async () => {
      await Promise.all(witnesses.map((witness) => witness.stop()));
      const troubles: unknown[] = [];
      const { database, store, seed, witnessing } = log;
      loop = startLogLoop({
        database,
        store,
        clock: systemClock,
        base: 'hikitsugi.example/log',
        seed,
        witnessing,
        intervalMs: 20,
        idleMs: 100,
        onTrouble: (reason) => troubles.push(reason),
      });
      await appendMany(log, 2);
      await until(() => loop?.state() === 'troubled');
      await appendMany(log, 2);
      await until(async () => (await readLogHealth(database, new Date())).waitingSince !== null);
      expect(await publishedNote()).toBeNull();
      await Promise.all(witnesses.map((witness) => witness.start()));
      await until(async () => (await publishedNote())?.includes('\n4\n') === true);
      expect(loop.state()).toBe('running');
      expect(troubles).toHaveLength(1);
      expect(troubles[0]).toBeInstanceOf(QuorumMissing);
    });
  });
});

async function startWitness(log: TestLog, path: string, name: string): Promise<RunningWitness> {
  const signer = await openWitnessKey(`${name.toLowerCase()}.example`, new Uint8Array(randomBytes(32)), systemClock);
  const forks: string[] = [];
  let state: WitnessFile | null = null;
  let server: ServerType | null = null;
  let port = 0;
  const start = async () => {
    state = await openWitnessFile(path, { isNew: port === 0 });
    const witness = createWitness({
      signer,
      logs: [everyYearOf(log.signer.key)],
      state,
      onFork: async ({ request }) => void forks.push(request),
    });
    port = await new Promise<number>((resolve) => {
      server = serve({ fetch: witnessApp(witness).fetch, hostname: '127.0.0.1', port }, (at) => resolve(at.port));
    });
  };
  await start();
  return {
    line: `witness ${name} ${formatVerifierKey(signer.key)} http://127.0.0.1:${port}`,
    forks,
    start,
    stop: async () => {
      if (server !== null && 'closeAllConnections' in server) server.closeAllConnections();
      await new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)));
      await state?.close();
    },
  };
}

function policyOf(witnesses: readonly RunningWitness[]): WitnessPolicy {
  const policy = parsePolicy([...witnesses.map(({ line }) => line), 'group W 2 A B C', 'quorum W'].join('\n'));
  if (!policy.ok) throw new Error(policy.fault.reason);
  return policy.value;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
