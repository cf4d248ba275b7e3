import { appendEvent } from '../../audit/append.ts';
import { type EvidenceRecord, parseRecord, recordBytes } from '../../crypto/evidence-record/record.ts';
import { type RecordRenewalReason, renewRecord } from '../../crypto/evidence-record/renew.ts';
import { verifyRecord } from '../../crypto/evidence-record/verify.ts';
import { systemScope } from '../../database/scope.ts';
import type { Gateway } from '../../gateway.ts';
import { type CaseRow, findCase, listContainerSeals, listReceipts } from '../store.ts';
import { caseRenewalJob } from '../tables.ts';
import { type CaseEvidenceFiles, judgeEvidence } from './judge-evidence.ts';
import { nextTry, renewalDue } from './rules.ts';
import { type CaseRenewalRow, changeRenewal, claimDueCases, enlistCases } from './store.ts';

type Parts = Pick<Gateway, 'database' | 'clock' | 'trust' | 'timestamps' | 'revocationLists' | 'sealDetail'>;
type Outcome = 'renewed' | 'standing' | 'failed' | 'no-time';

const enlistedAtOnce = 1_000;
const roundSize = 200;
const leaseMs = 3_600_000;

/**
 * One round over the seals and receipts of delivered cases, for the hourly work: what ends within half a year gets a time
 * stamp over all of it, in a record beside it. Bounded and resumable like the renewal of certificates.
 */
export async function renewCaseEvidence(
  gateway: Parts,
): Promise<{ readonly renewed: number; readonly standing: number; readonly failed: number }> {
  const scope = systemScope(caseRenewalJob);
  const now = gateway.clock.now();
  await gateway.database.transaction(scope, (tx) => enlistCases(tx, now, enlistedAtOnce));
  const due = await gateway.database.transaction(scope, (tx) =>
    claimDueCases(tx, { now, until: new Date(now.getTime() + leaseMs), limit: roundSize }),
  );
  const round = { renewed: 0, standing: 0, failed: 0 };
  for (const row of due) {
    // What broke on the way is tried again when the lease ends.
    const outcome = await renewOne(gateway, row).catch(() => 'failed' as const);
    round[outcome === 'no-time' ? 'failed' : outcome] += 1;
    if (outcome === 'no-time') break;
  }
  return round;
}

/** For the operator: the evidence of some cases could not be renewed; `case_renewals.problem` says why. */
export class EvidenceNotRenewed extends Error {
  override readonly name = 'EvidenceNotRenewed';
}

async function renewOne(gateway: Parts, renewal: CaseRenewalRow): Promise<Outcome> {
  const { caseId } = renewal;
  const scope = systemScope(caseRenewalJob);
  const [row, containers, receipts] = await gateway.database.transaction(scope, async (tx) => [
    await findCase(tx, caseId),
    await listContainerSeals(tx, caseId),
    await listReceipts(tx, caseId),
  ]);
  if (row === null || row.manifest === null) return note(gateway, caseId, { lookAt: null }, 'standing');
  const basis = await basisOf(gateway, renewal.record, { manifest: row.manifest, containers, receipts });
  if (basis === null) return fail(gateway, renewal, 'evidence-not-good');
  const at = gateway.clock.now();
  const { countsUntil } = basis;
  if (renewalDue(countsUntil) > at)
    return note(gateway, caseId, { countsUntil, lookAt: renewalDue(countsUntil), problem: null }, 'standing');
  const { timestamps, trust } = gateway;
  const by = { timestampAnchors: trust.time, revocation: trust.revocation, at };
  const made = await renewRecord(basis.from, { trust: by, timestamps, lists: await gateway.revocationLists() });
  if (!made.ok) return fail(gateway, { ...renewal, countsUntil }, made.fault);
  await keep(gateway, row, made.value);
  return 'renewed';
}

type Basis = { readonly from: Parameters<typeof renewRecord>[0]; readonly countsUntil: Date };

/** The record there is, while it is about all of the evidence and holds; else the evidence, if all of it is good. */
async function basisOf(
  { trust, clock }: Parts,
  stored: Uint8Array | null,
  files: CaseEvidenceFiles,
): Promise<Basis | null> {
  const at = clock.now();
  const { time: timestampAnchors, revocation } = trust;
  const record = stored === null ? null : parseRecord(stored);
  if (record?.ok === true) {
    const { countsUntil } = await verifyRecord(record.value, { timestampAnchors, revocation, at });
    if (countsUntil !== null) return { from: { record: record.value }, countsUntil };
  }
  const good = await judgeEvidence(files, trust, at);
  const [first, ...others] = good ?? [];
  if (good === null || first === undefined) return null;
  const earliest = others.reduce((end, one) => (one.countsUntil < end ? one.countsUntil : end), first.countsUntil);
  return {
    from: {
      objects: good.map(({ name, sha256 }) => ({ name, sha256 })),
      chain: good.flatMap(({ chain }) => [...chain]),
      tokens: good.flatMap(({ tokens }) => [...tokens]),
      countsUntil: earliest,
    },
    countsUntil: earliest,
  };
}

/** Record and log entry in one transaction; the evidence itself stays as it was. */
async function keep(
  { database, clock, sealDetail }: Parts,
  row: CaseRow,
  { record, countsUntil }: { readonly record: EvidenceRecord; readonly countsUntil: Date },
): Promise<void> {
  const scope = systemScope(caseRenewalJob);
  await database.transaction(scope, async (tx) => {
    const changes = { record: recordBytes(record), countsUntil, lookAt: renewalDue(countsUntil), problem: null };
    await changeRenewal(tx, row.id, changes);
    const event = {
      name: 'package.evidence-renewed',
      outcome: 'done',
      side: 'gateway',
      organisation: row.senderCode,
      actorRole: 'gateway',
      purpose: row.kind,
      caseId: row.id,
      token: null,
      personVisible: false,
      detail: { actor: scope.actor, stamps: record.stamps.length, countsUntil: countsUntil.toISOString() },
      at: clock.now(),
    } as const;
    await appendEvent(tx, event, sealDetail);
  });
}

async function note(
  { database }: Parts,
  caseId: string,
  changes: Parameters<typeof changeRenewal>[2],
  outcome: Outcome,
): Promise<Outcome> {
  await database.transaction(systemScope(caseRenewalJob), (tx) => changeRenewal(tx, caseId, changes));
  return outcome;
}

function fail(gateway: Parts, { caseId, countsUntil }: CaseRenewalRow, problem: RecordRenewalReason): Promise<Outcome> {
  const changes = { countsUntil, lookAt: nextTry(countsUntil, gateway.clock.now()), problem };
  const isSilent = problem === 'unreachable' || problem === 'http-status';
  return note(gateway, caseId, changes, isSilent ? 'no-time' : 'failed');
}
