import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { hashNumber } from '../../identity/access-codes/number-hash.ts';
import { after } from '../../identity/rules.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { look, perform, type VerbContext } from '../../transfers/act.ts';
import { newId } from '../../transfers/ids.ts';
import { readStatement } from '../credentials/read-statement.ts';
import type { CertificateRow } from '../issue/store.ts';
import { recordRequest } from '../requests/record.ts';
import { findHeld, type Held, mustCount } from './holder.ts';
import { showShare } from './list-shares.ts';
import { fieldsOf, pickFacts } from './rules.ts';
import { borrowKey, sealContent } from './sealed-share.ts';
import { newShareSecret, secretKeyOf } from './share-secrets.ts';
import { hasRoom, insertShare, type ShareRow } from './store.ts';
import type { ShareView } from './view.ts';

export interface ShareWish {
  readonly certificateId: string;
  /** For whom, in the holder's words; the viewer reads it. */
  readonly audience: string;
  /** Some of {@link fieldsOf}, or everything. */
  readonly fields: readonly string[] | 'all';
  readonly pin: string | null;
  readonly days: number;
  readonly once: boolean;
}

export interface MadeShare {
  readonly share: ShareView;
  /** The link. It is shown this once; null when the same wish is sent again. */
  readonly url: string | null;
}

/**
 * Makes a link for somebody outside. What they will see is taken from the issued file now and sealed by itself, so that
 * nothing else can reach them later. Faults: those of `findHeld` and `mustCount`, share.fields, share.too-many,
 * document.unreadable
 */
export async function makeShare(context: VerbContext, wish: ShareWish): Promise<Result<MadeShare>> {
  const { gateway } = context;
  const held = await look(context, (tx) => findHeld(tx, context, wish.certificateId));
  const prepared = held.ok ? await prepareShare(gateway, held.value.certificate, wish) : held;
  // Stays empty when the answer is that of an earlier request.
  const links: string[] = [];
  const made = await perform(context, { event: 'certificate.share-made', caseId: null }, async (tx) => {
    const found = await findHeld(tx, context, wish.certificateId);
    if (!found.ok) return found;
    if (!prepared.ok) return prepared;
    const { certificate } = found.value;
    const counts = mustCount(certificate);
    if (!counts.ok) return counts;
    if (!(await hasRoom(tx, certificate.id, gateway.clock.now()))) return refuse(fault('share.too-many'));
    const secret = newShareSecret();
    links.push(`${gateway.settings.PUBLIC_ORIGIN}/s/${secret}`);
    const { id } = prepared.value;
    await insertShare(tx, { ...newShare(gateway, found.value, { wish, secret }), ...prepared.value });
    await recordRequest(tx, context, {
      name: 'certificate.share-made',
      row: { ...certificate, id: certificate.requestId },
      detail: { certificate: certificate.id, share: id },
    });
    // Answers are kept under their idempotency keys, and nothing that somebody typed is kept in the clear.
    return ok({ id });
  });
  const share = made.ok ? await showShare({ ...context, idempotency: null }, made.value.id) : made;
  return share.ok ? ok({ share: share.value, url: links[0] ?? null }) : share;
}

function newShare(
  { clock, identity }: Gateway,
  { certificate, person, pupilId }: Held,
  { wish, secret }: { readonly wish: ShareWish; readonly secret: string },
): Omit<ShareRow, keyof Prepared> {
  const madeAt = clock.now();
  return {
    certificateId: certificate.id,
    requestId: certificate.requestId,
    schoolCode: certificate.schoolCode,
    pupilId,
    personId: person.personId,
    secretKey: secretKeyOf(identity.personTrust.indexKey, secret),
    tries: 0,
    once: wish.once,
    madeAt,
    expiresAt: after(madeAt, { days: wish.days }),
    withdrawnAt: null,
    usedAt: null,
    firstViewedAt: null,
    sealedPresentation: null,
    presentationUntil: null,
  };
}

type Prepared = Pick<ShareRow, 'id' | 'sealed' | 'whole' | 'pinHash'>;

async function prepareShare(
  gateway: Gateway,
  certificate: CertificateRow,
  { audience, fields, pin }: ShareWish,
): Promise<Result<Prepared>> {
  const statement = await readStatement(gateway, certificate);
  if (!statement.ok) return statement;
  const available = fieldsOf(statement.value);
  const chosen = fields === 'all' ? available : available.filter((field) => fields.includes(field));
  const isStrange = fields !== 'all' && fields.some((field) => !available.some((one) => one === field));
  if (chosen.length === 0 || isStrange) return refuse(fault('share.fields'));
  const key = await borrowKey(gateway, certificate);
  if (key === null) return refuse(fault('document.unreadable', { detail: 'no-key' }));
  const id = newId();
  const content = { audience, fields: chosen, facts: pickFacts(statement.value, chosen) };
  return ok({
    id,
    sealed: sealContent(key, id, content),
    whole: chosen.length === available.length,
    pinHash: pin === null ? null : await hashNumber(gateway.identity.personTrust.indexKey, pin),
  });
}
