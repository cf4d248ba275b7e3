import { parseX509Certificate } from '../crypto/x509/certificate.ts';
import { nameText } from '../crypto/x509/names.ts';
import type { Transaction } from '../database/connection.ts';
import { notifyPrincipals } from '../directory/notify-staff.ts';
import { fault } from '../faults.ts';
import { dayInJapan } from '../identity/rules.ts';
import { scopeOf } from '../policy/actor.ts';
import { parsePkcs12 } from '../records/pkcs12.ts';
import {
  chainOf,
  checkSealChain,
  findSealKey,
  listSealKeys,
  retireSealKey,
  type SealKeyRow,
  sealCertificate,
  storeSealKey,
  type WrappedSealKey,
  wrapSealKey,
} from '../records/seal-keys.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, look, ownResource, perform, refuseLogged, schoolOf, type VerbContext } from '../transfers/act.ts';
import { newId } from '../transfers/ids.ts';
import { logPlainEvent } from '../transfers/record.ts';
import { type SealKeyStanding, sealKeyEvents, standingOf } from '../transfers/seal-key-standing.ts';
import { certificatesOf } from './certificate-files.ts';
import { propose } from './propose.ts';
import type { KeyInWaiting } from './proposed-acts.ts';

export interface SealKeyView {
  readonly subject: string;
  readonly algorithm: string;
  readonly fingerprint: string;
  readonly notAfter: string;
  readonly addedAt: string;
  /** Where the private key is: kept wrapped by the gateway, or with the school's own system. */
  readonly place: 'gateway' | 'school';
}

/** One of the keys that the school has had. */
export interface FormerSealKey {
  readonly subject: string;
  readonly fingerprint: string;
  readonly addedAt: string;
  /** Null while it is in force. */
  readonly retiredAt: string | null;
  /** Whether the log holds the registration by two persons. */
  readonly standing: SealKeyStanding;
}

/** A key act is only proposed; a second person confirms it. */
export interface ProposedKeyAct {
  readonly proposalId: string;
  readonly subject: string;
  readonly fingerprint: string;
}

const maxShown = 20;

/** The seal key in force at the actor's school; null before one was registered. */
export async function showSealKey(context: VerbContext): Promise<Result<SealKeyView | null>> {
  return look(context, async (tx) => {
    const allowed = authorise(context, 'key.manage', ownResource(context.actor));
    // Looking at it weighs nothing: a log-in of this morning will do.
    if (!allowed.ok && allowed.fault.code !== 'login.fresh-required') return allowed;
    const row = await findSealKey(tx, schoolOf(context.actor) ?? '');
    return ok(row === null ? null : viewOf(row));
  });
}

/**
 * The keys that the school has had, the newest first, each with what the log says of it: a key that nobody of the school
 * registered stands out.
 */
export async function listFormerSealKeys(context: VerbContext): Promise<Result<readonly FormerSealKey[]>> {
  const rows = await look(context, async (tx) => {
    const allowed = authorise(context, 'key.manage', ownResource(context.actor));
    if (!allowed.ok && allowed.fault.code !== 'login.fresh-required') return allowed;
    return ok(await listSealKeys(tx, schoolOf(context.actor) ?? '', maxShown));
  });
  if (!rows.ok) return rows;
  const shown: FormerSealKey[] = [];
  for (const row of rows.value) {
    const standing = await standingOf(context.gateway, scopeOf(context.actor), row);
    const { fingerprint, addedAt, retiredAt } = row;
    const until = retiredAt?.toISOString() ?? null;
    shown.push({
      subject: subjectOf(row),
      fingerprint,
      addedAt: addedAt.toISOString(),
      retiredAt: until,
      standing,
    });
  }
  return ok(shown);
}

/**
 * Proposes the school's seal key out of a PKCS#12 file, or its certificate alone: checked against the anchors, and kept wrapped by the key service
 * until a second person confirms. Faults: seal.key-refused.
 */
export async function proposeSealKey(
  context: VerbContext,
  input:
    | { readonly file: Uint8Array; readonly password: string }
    /** DER, leaf first: the private key stays with the school's own system. */
    | { readonly certificates: readonly Uint8Array[] },
): Promise<Result<ProposedKeyAct>> {
  const attempt = { event: 'seal-key.imported', caseId: null } as const;
  const { actor } = context;
  const school = schoolOf(actor);
  const allowed = authorise(context, 'key.manage', ownResource(actor));
  if (!allowed.ok) return refuseLogged(context, attempt, allowed.fault);
  if (school === null) return refuseLogged(context, attempt, fault('policy.denied'));
  const wrapped = await checkProposed(context, school, input);
  if (!wrapped.ok) return refuseLogged(context, attempt, wrapped.fault);
  const subject = subjectOf(wrapped.value);
  const { fingerprint } = wrapped.value;
  return perform(context, attempt, async (tx) => {
    const key = toWaiting(wrapped.value);
    const proposed = await propose(tx, context, { kind: 'sealKeyRegister', subject, key });
    return proposed.ok ? ok({ proposalId: proposed.value, subject, fingerprint }) : proposed;
  });
}

/** The same out of files that somebody chose on a page. Faults: those of {@link certificatesOf}, too. */
export async function proposeCertificates(
  context: VerbContext,
  files: readonly { readonly bytes: Uint8Array }[],
): Promise<Result<ProposedKeyAct>> {
  const certificates = certificatesOf(files.map(({ bytes }) => bytes));
  if (certificates.ok) return proposeSealKey(context, { certificates: certificates.value });
  // Whoever may not register a key at all is told that, whatever was in the files.
  const allowed = authorise(context, 'key.manage', ownResource(context.actor));
  const reason = allowed.ok ? certificates.fault : allowed.fault;
  return refuseLogged(context, { event: 'seal-key.imported', caseId: null }, reason);
}

async function checkProposed(
  { gateway }: VerbContext,
  school: string,
  input: Parameters<typeof proposeSealKey>[1],
): Promise<Result<WrappedSealKey>> {
  const by = { keys: gateway.keys, trust: gateway.trust, now: gateway.clock.now() };
  if ('certificates' in input) return sealCertificate({ chain: input.certificates, school }, by);
  const opened = parsePkcs12(input.file, input.password);
  if (!opened.ok) return refuse(fault('seal.key-refused', { detail: opened.fault }));
  return wrapSealKey({ ...opened.value, school }, by);
}

/** Proposes that the key in force seals nothing more; what it has sealed stays valid. */
export async function proposeSealKeyEnd(context: VerbContext): Promise<Result<ProposedKeyAct>> {
  return perform(context, { event: 'seal-key.withdrawn', caseId: null }, async (tx) => {
    const allowed = authorise(context, 'key.manage', ownResource(context.actor));
    if (!allowed.ok) return allowed;
    const row = await findSealKey(tx, schoolOf(context.actor) ?? '');
    if (row === null) return refuse(fault('seal.key-missing'));
    const { fingerprint } = row;
    const proposed = await propose(tx, context, { kind: 'sealKeyWithdraw', fingerprint });
    return proposed.ok ? ok({ proposalId: proposed.value, subject: subjectOf(row), fingerprint }) : proposed;
  });
}

/** Before a confirmation: is the certificate still good, and still this school's? Days may have passed. */
export async function recheckSealKey(context: VerbContext, key: KeyInWaiting): Promise<Result<true>> {
  const { gateway, actor } = context;
  const by = { trust: gateway.trust, now: gateway.clock.now() };
  const checked = await checkSealChain({ chain: chainOf(key), school: schoolOf(actor) ?? '' }, by);
  return checked.ok ? ok(true) : checked;
}

/** What a confirmed registration does; the former key is kept, retired. */
export async function registerSealKey(tx: Transaction, context: VerbContext, key: KeyInWaiting): Promise<Result<true>> {
  const schoolCode = schoolOf(context.actor);
  if (schoolCode === null) return refuse(fault('policy.denied'));
  const { fingerprint } = key;
  const at = context.gateway.clock.now();
  const { eventId } = await logPlainEvent(tx, context, sealKeyEvents.registered, { fingerprint });
  await storeSealKey(tx, { id: newId(), schoolCode, key: fromWaiting(key), registeredBy: eventId, at });
  await notifyPrincipals(tx, {
    school: schoolCode,
    day: dayInJapan(at),
    subject: 'seal-key-registered',
    id: fingerprint,
  });
  return ok(true);
}

/** What a confirmed withdrawal does; refused when another key has come in force meanwhile. */
export async function withdrawSealKey(
  tx: Transaction,
  context: VerbContext,
  fingerprint: string,
): Promise<Result<true>> {
  const schoolCode = schoolOf(context.actor) ?? '';
  const row = await findSealKey(tx, schoolCode);
  if (row?.fingerprint !== fingerprint) return refuse(fault('proposal.over', { detail: 'another-key' }));
  const at = context.gateway.clock.now();
  await retireSealKey(tx, { schoolCode, at });
  await logPlainEvent(tx, context, sealKeyEvents.withdrawn, { fingerprint });
  await notifyPrincipals(tx, {
    school: schoolCode,
    day: dayInJapan(at),
    subject: 'seal-key-withdrawn',
    id: fingerprint,
  });
  return ok(true);
}

function viewOf(row: SealKeyRow): SealKeyView {
  return {
    subject: subjectOf(row),
    algorithm: row.algorithm,
    fingerprint: row.fingerprint,
    notAfter: row.notAfter.toISOString(),
    addedAt: row.addedAt.toISOString(),
    place: row.wrappedKey === null ? 'school' : 'gateway',
  };
}

function subjectOf(key: Pick<SealKeyRow, 'chain'>): string {
  const [der] = chainOf(key);
  const leaf = der === undefined ? null : parseX509Certificate(der);
  return leaf?.ok === true ? nameText(leaf.value.subject) : '—';
}

function toWaiting(key: WrappedSealKey): KeyInWaiting {
  return {
    ...key,
    wrappedKey: key.wrappedKey === null ? null : Buffer.from(key.wrappedKey).toString('base64'),
    sealedPrivateKey: key.sealedPrivateKey === null ? null : Buffer.from(key.sealedPrivateKey).toString('base64'),
    notAfter: key.notAfter.toISOString(),
  };
}

function fromWaiting(key: KeyInWaiting): WrappedSealKey {
  return {
    ...key,
    wrappedKey: bytesOf(key.wrappedKey),
    sealedPrivateKey: bytesOf(key.sealedPrivateKey),
    notAfter: new Date(key.notAfter),
  };
}

function bytesOf(text: string | null): Uint8Array | null {
  return text === null ? null : new Uint8Array(Buffer.from(text, 'base64'));
}
