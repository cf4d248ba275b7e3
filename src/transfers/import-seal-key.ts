import { parseX509Certificate } from '../crypto/x509/certificate.ts';
import { nameText } from '../crypto/x509/names.ts';
import { fault } from '../faults.ts';
import { parsePkcs12 } from '../records/pkcs12.ts';
import { chainOf, findSealKey, type SealKeyRow, storeSealKey, wrapSealKey } from '../records/seal-keys.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, look, ownResource, perform, refuseLogged, schoolOf, type VerbContext } from './act.ts';
import { newId } from './ids.ts';
import { logPlainEvent } from './record.ts';

export interface SealKeyView {
  readonly subject: string;
  readonly algorithm: string;
  readonly fingerprint: string;
  readonly notAfter: string;
  readonly addedAt: string;
}

/** The seal key in force at the actor's school; null before one was registered. */
export async function showSealKey(context: VerbContext): Promise<Result<SealKeyView | null>> {
  return look(context, async (tx) => {
    const allowed = authorise(context, 'key.manage', ownResource(context.actor));
    if (!allowed.ok) return allowed;
    const row = await findSealKey(tx, schoolOf(context.actor) ?? '');
    return ok(row === null ? null : viewOf(row));
  });
}

/**
 * Registers the school's seal key out of a PKCS#12 file; it is checked against the anchors and kept wrapped by the key
 * service. Faults: seal.key-refused.
 */
export async function importSealKey(
  context: VerbContext,
  input: { readonly file: Uint8Array; readonly password: string },
): Promise<Result<SealKeyView>> {
  const attempt = { event: 'seal-key.imported', caseId: null } as const;
  const { gateway, actor } = context;
  const school = schoolOf(actor);
  const allowed = authorise(context, 'key.manage', ownResource(actor));
  if (!allowed.ok) return refuseLogged(context, attempt, allowed.fault);
  if (school === null) return refuseLogged(context, attempt, fault('policy.denied'));
  const opened = parsePkcs12(input.file, input.password);
  if (!opened.ok) return refuseLogged(context, attempt, fault('seal.key-refused', { detail: opened.fault }));
  const now = gateway.clock.now();
  const wrapped = await wrapSealKey({ ...opened.value, school }, { keys: gateway.keys, trust: gateway.trust, now });
  if (!wrapped.ok) return refuseLogged(context, attempt, wrapped.fault);
  return perform(context, attempt, async (tx) => {
    await storeSealKey(tx, { id: newId(), schoolCode: school, key: wrapped.value, at: now });
    await logPlainEvent(tx, context, 'seal-key.imported');
    const row = await findSealKey(tx, school);
    return row === null ? refuse(fault('seal.key-missing')) : ok(viewOf(row));
  });
}

function viewOf(row: SealKeyRow): SealKeyView {
  const [der] = chainOf(row);
  const leaf = der === undefined ? null : parseX509Certificate(der);
  return {
    subject: leaf?.ok === true ? nameText(leaf.value.subject) : '—',
    algorithm: row.algorithm,
    fingerprint: row.fingerprint,
    notAfter: row.notAfter.toISOString(),
    addedAt: row.addedAt.toISOString(),
  };
}
