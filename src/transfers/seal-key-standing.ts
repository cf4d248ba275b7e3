import { appendEvent } from '../audit/append.ts';
import { findNewestKeyEvent } from '../audit/newest-event.ts';
import { parseX509Certificate } from '../crypto/x509/certificate.ts';
import { type ActorScope, systemScope } from '../database/scope.ts';
import { notifyPrincipals } from '../directory/notify-staff.ts';
import { fault } from '../faults.ts';
import type { Gateway } from '../gateway.ts';
import { dayInJapan } from '../identity/rules.ts';
import { scopeOf } from '../policy/actor.ts';
import { chainOf, listKeysInForce, markDoubted, type SealKeyRow } from '../records/seal-keys.ts';
import { ok, type Result, refuse } from '../result.ts';
import { type Asking, roleOf } from './act.ts';

/** What the log calls the acts of two persons on a seal key. */
export const sealKeyEvents = { registered: 'seal-key.imported', withdrawn: 'seal-key.withdrawn' } as const;

/** `notYet`: registered a moment ago, the log has not published it. */
export type SealKeyStanding = 'confirmed' | 'notYet' | 'doubted';

type Parts = Pick<Gateway, 'database' | 'clock' | 'log' | 'sealDetail'>;

const patienceMs = 3_000;
const pauseMs = 250;

/**
 * Whether a key is what two persons have registered: the log holds their act, it names this school and this
 * certificate, and nothing came after it. Whoever can write into the database, and no more, cannot bring that about.
 */
export async function standingOf(parts: Parts, scope: ActorScope, key: SealKeyRow): Promise<SealKeyStanding> {
  if (key.doubtedAt !== null || !(await isNewestIfInForce(parts, scope, key))) return 'doubted';
  const proven = await parts.log.findProvenDetail(scope, key.registeredBy);
  if (!proven.ok) return proven.fault === 'event.not-yet' ? 'notYet' : 'doubted';
  const { event, organisation, detail } = proven.value;
  const isNamed =
    event === sealKeyEvents.registered &&
    organisation === key.schoolCode &&
    detail['fingerprint'] === key.fingerprint &&
    fingerprintOf(key) === key.fingerprint;
  return isNamed ? 'confirmed' : 'doubted';
}

/** Before anything is sealed with the key in force. Faults: seal.key-not-yet, seal.key-doubted */
export async function confirmSealKey({ gateway, actor }: Asking, key: SealKeyRow): Promise<Result<true>> {
  return confirmSealKeyAs(gateway, { scope: scopeOf(actor), actorRole: roleOf(actor) }, key);
}

/** The same for one of the gateway's own jobs, on behalf of the key's school. */
export async function confirmSealKeyAs(
  parts: Parts,
  by: { readonly scope: ActorScope; readonly actorRole: string },
  key: SealKeyRow,
): Promise<Result<true>> {
  const standing = await patiently(() => standingOf(parts, by.scope, key));
  if (standing === 'confirmed') return ok(true);
  if (standing === 'notYet') return refuse(fault('seal.key-not-yet'));
  await doubt(parts, { ...by, key });
  return refuse(fault('seal.key-doubted'));
}

/** Looks at the keys in force of all schools, so that nobody has to seal first to find out. For the hourly round. */
export async function watchSealKeys(gateway: Parts): Promise<void> {
  const keys = await gateway.database.transaction(systemScope('seal-watch'), listKeysInForce);
  for (const key of keys) {
    const scope = { ...systemScope('seal-watch'), school: key.schoolCode };
    if ((await standingOf(gateway, scope, key)) !== 'doubted') continue;
    await doubt(gateway, { scope, actorRole: 'gateway', key });
  }
}

/** An old key that was put back in force has its entry in the log too, but not the last one. */
async function isNewestIfInForce({ database }: Parts, scope: ActorScope, key: SealKeyRow): Promise<boolean> {
  if (key.retiredAt !== null) return true;
  const newest = await database.transaction(scope, (tx) =>
    findNewestKeyEvent(tx, { organisation: key.schoolCode, names: Object.values(sealKeyEvents) }),
  );
  return newest === key.registeredBy;
}

/** The log publishes every half second: whoever seals right after a registration waits that long, and not forever. */
async function patiently(ask: () => Promise<SealKeyStanding>): Promise<SealKeyStanding> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pauseMs) {
    const standing = await ask();
    if (standing !== 'notYet') return standing;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return 'notYet';
}

/** Once for each key: it is marked for good, the log says so, and the principals are written to. */
async function doubt(
  { database, clock, sealDetail }: Parts,
  found: { readonly scope: ActorScope; readonly actorRole: string; readonly key: SealKeyRow },
): Promise<void> {
  const { scope, actorRole, key } = found;
  const { id, schoolCode: school, fingerprint } = key;
  const at = clock.now();
  await database.transaction(scope, async (tx) => {
    if (!(await markDoubted(tx, id, at))) return;
    const event = {
      name: 'seal-key.doubted',
      outcome: 'done',
      side: 'gateway',
      organisation: school,
      actorRole,
      purpose: null,
      caseId: null,
      token: null,
      detail: { actor: scope.actor, fingerprint },
      at,
    } as const;
    await appendEvent(tx, event, sealDetail);
    await notifyPrincipals(tx, { school, day: dayInJapan(at), subject: 'seal-key-doubted', id: fingerprint });
  });
}

function fingerprintOf(key: SealKeyRow): string | null {
  const [der] = chainOf(key);
  const leaf = der === undefined ? null : parseX509Certificate(der);
  return leaf?.ok === true ? leaf.value.sha256 : null;
}
