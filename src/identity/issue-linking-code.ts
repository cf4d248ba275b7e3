import { findPupil } from '../directory/find-member.ts';
import { fault } from '../faults.ts';
import { type Actor, scopeOf } from '../policy/actor.ts';
import { ownThing } from '../policy/decide.ts';
import { permit } from '../policy/permit.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logEvent } from './audit.ts';
import { after, linkingCodeDays, linkingCodeText, parseLinkingCode } from './rules.ts';
import { hashToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { insertLinkingCode } from './store.ts';
import type { LinkRelation } from './tables.ts';

export interface IssuedLinkingCode {
  readonly id: string;
  /** 128 random bits in groups of five characters. Shown once: only its hash is stored. */
  readonly code: string;
  /** For a QR: the code stands behind `#`, so it reaches no server's log. */
  readonly address: string;
  readonly expiresAt: Date;
}

/**
 * A code on paper by which a pupil or guardian shows the school's confirmation (ASVS 6.5: once, 14 days, 5 tries).
 *
 * @returns `policy.denied` for roles that may not; `pupil.not-found` for another school's pupil as for an unknown one
 */
export async function issueLinkingCode(
  services: IdentityServices,
  actor: Actor,
  input: { readonly pupilId: string; readonly relation: LinkRelation },
): Promise<Result<IssuedLinkingCode>> {
  if (actor.kind !== 'staff') return refuse(fault(actor.kind === 'machine' ? 'policy.denied' : 'login.required'));
  return services.database.transaction(scopeOf(actor), async (tx) => {
    const pupil = await findPupil(tx, input.pupilId);
    const now = services.clock.now();
    const permitted = permit(actor, 'pupil.link', { ...ownThing, homeroom: pupil?.homeroom ?? null }, { now });
    const isOwn = pupil?.schoolCode === actor.school;
    const reason = permitted.ok ? (isOwn ? null : fault('pupil.not-found')) : permitted.fault;
    const event = { name: 'linking-code.issued', organisation: actor.school, actorRole: actor.role } as const;
    if (reason !== null) {
      await logEvent(tx, services, { ...event, refused: reason.detail ?? reason.code });
      return refuse(reason);
    }
    const code = linkingCodeText(crypto.getRandomValues(new Uint8Array(16)));
    const row = {
      id: crypto.randomUUID(),
      codeHash: linkingCodeHash(code),
      pupilId: input.pupilId,
      schoolCode: actor.school,
      relation: input.relation,
      issuedBy: actor.staffId,
      issuedAt: now,
      expiresAt: after(now, { days: linkingCodeDays }),
    };
    await insertLinkingCode(tx, row);
    await logEvent(tx, services, { ...event, refused: null, detail: { code: row.id, pupil: row.pupilId } });
    const address = `${services.publicOrigin}/links/new#code=${code}`;
    return ok({ id: row.id, code, address, expiresAt: row.expiresAt });
  });
}

/** What is stored of a code: forms with other hyphens, widths and cases are equal. */
export function linkingCodeHash(typed: string): string {
  return hashToken(`hikitsugi/linking-code/${parseLinkingCode(typed) ?? ''}`);
}
