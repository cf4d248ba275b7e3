import { systemScope } from '../database/scope.ts';
import { joinByInvitation } from '../directory/invitations.ts';
import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logEvent } from './audit.ts';
import { assuranceOf, type OrganisationAccount } from './organisation-account.ts';
import { parseLinkingCode } from './rules.ts';
import { hashToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';

/** What is stored of an invitation's code: forms with other hyphens, widths and cases are equal. */
export function invitationCodeHash(typed: string): string {
  return hashToken(`hikitsugi/invitation/${parseLinkingCode(typed) ?? ''}`);
}

/**
 * Binds the role that a school keeps for the bearer of a code to the account that has just logged in.
 *
 * @returns `invitation.refused` alike for unknown, used, expired and worn-out codes, another founder's accounts, and
 *   for whoever gave the invitation
 */
export async function join(
  services: IdentityServices,
  { account, codeHash }: { readonly account: OrganisationAccount; readonly codeHash: string },
): Promise<Result<true>> {
  const { issuer, subject, name, corporateNumber: founderNumber } = account;
  const now = services.clock.now();
  // An entry account is not vetted: it gets no role, and is told so by the log-in that follows.
  if (assuranceOf(account.type) === null) return ok(true);
  return services.database.transaction(systemScope('joining'), async (tx) => {
    const joined = await joinByInvitation(tx, { codeHash, account: { issuer, subject, name, founderNumber }, now });
    await logEvent(tx, services, {
      name: 'member.joined',
      refused: joined.ok ? null : joined.fault,
      organisation: joined.ok ? joined.value.schoolCode : null,
      actorRole: 'staff',
      detail: joined.ok ? { staff: joined.value.staffId, membership: joined.value.membershipId } : {},
    });
    return joined.ok ? ok(true) : refuse(fault('invitation.refused', { detail: joined.fault }));
  });
}
