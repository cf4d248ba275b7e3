import { cancelInvitation, setInvitationCode } from '../directory/invitations.ts';
import { fault } from '../faults.ts';
import { invitationCodeHash } from '../identity/join.ts';
import { linkingCodeText } from '../identity/rules.ts';
import { ok, type Result, refuse } from '../result.ts';
import { perform, type VerbContext } from '../transfers/act.ts';
import { logPlainEvent } from '../transfers/record.ts';
import { staffFor } from './manager.ts';
import { invitationDays } from './rules.ts';

export interface IssuedInvitation {
  readonly id: string;
  /** 128 random bits in groups of five characters. Shown once: only its hash is stored. */
  readonly code: string;
  /** For a QR: the code stands behind `#`, so it reaches no server's log. */
  readonly address: string;
  readonly expiresAt: string;
}

/** A code to hand to the person invited; an earlier one is worth nothing from here on. Faults: invitation.not-found */
export async function issueInvitationCode(context: VerbContext, id: string): Promise<Result<IssuedInvitation>> {
  return perform(context, { event: 'invitation.code-issued', caseId: null }, async (tx) => {
    const manager = staffFor(context, 'member.manage');
    if (!manager.ok) return manager;
    const code = linkingCodeText(crypto.getRandomValues(new Uint8Array(16)));
    const codeExpiresAt = new Date(context.gateway.clock.now().getTime() + invitationDays * 86_400_000);
    const set = await setInvitationCode(tx, { id, codeHash: invitationCodeHash(code), codeExpiresAt });
    if (!set) return refuse(fault('invitation.not-found'));
    await logPlainEvent(tx, context, 'invitation.code-issued', { invitation: id });
    const address = `${context.gateway.settings.PUBLIC_ORIGIN}/login/invitation#code=${code}`;
    return ok({ id, code, address, expiresAt: codeExpiresAt.toISOString() });
  });
}

/** Takes an invitation back before it was used. Faults: invitation.not-found */
export async function withdrawInvitation(context: VerbContext, id: string): Promise<Result<true>> {
  return perform(context, { event: 'invitation.cancelled', caseId: null }, async (tx) => {
    const manager = staffFor(context, 'member.manage');
    if (!manager.ok) return manager;
    if (!(await cancelInvitation(tx, id, context.gateway.clock.now()))) return refuse(fault('invitation.not-found'));
    await logPlainEvent(tx, context, 'invitation.cancelled', { invitation: id });
    return ok(true);
  });
}
