import { randomBytes } from 'node:crypto';
import { authenticationProfile, signatureProfile, wrongPurposeProfile } from './authority-profiles.node.ts';
import { type Authority, type Identity, issueCertificate } from './certificate-maker.node.ts';
import type { PersonCertificatePlan } from './person-certificates.ts';
import { days, years } from './validity.ts';

export interface PersonAuthorities {
  /** The generations of one name; see PersonCertificatePlan. */
  readonly authentication: readonly [Authority, Authority, Authority, Authority];
  readonly signature: Authority;
  readonly stranger: Authority;
}

/** One certificate for each plan, good or deliberately bad. */
export async function makePersonCertificates(input: {
  keep: (name: string, make: () => Promise<Identity>) => Promise<Identity>;
  authorities: PersonAuthorities;
  plans: readonly PersonCertificatePlan[];
  now: Date;
}): Promise<ReadonlyMap<string, Identity>> {
  const made = await Promise.all(
    input.plans.map(async (plan) => {
      const make = () => issuePersonCertificate(plan, input.authorities, input.now);
      return [plan.id, await input.keep(`person-${plan.id}`, make)] as const;
    }),
  );
  return new Map(made);
}

function issuePersonCertificate(
  plan: PersonCertificatePlan,
  authorities: PersonAuthorities,
  now: Date,
): Promise<Authority> {
  const id = randomHolderId();
  const validity = years(now, 5);
  const profile = authenticationProfile(id, plan.keyKind, validity);
  const issuer = authorities.authentication[plan.generation];
  switch (plan.shape) {
    case 'authentication':
    case 'revoked':
      return issueCertificate(profile, issuer);
    case 'expired':
      return issueCertificate({ ...profile, notBefore: days(now, -400), notAfter: days(now, -35) }, issuer);
    case 'wrongPurpose':
      return issueCertificate(wrongPurposeProfile(id, validity), issuer);
    case 'selfMade':
      return issueCertificate(profile, null);
    case 'unknownRoot':
      return issueCertificate(profile, authorities.stranger);
    case 'signature': {
      const holder = { name: '東海林　鷗', birthDate: '2008-04-29', address: '長野県白樺平市見本１－２－３' };
      return issueCertificate(signatureProfile(id, holder, validity), authorities.signature);
    }
  }
}

/** An identifier as it stands in a personal certificate: letters and digits that say nothing. */
function randomHolderId(): string {
  return randomBytes(13).toString('hex').toUpperCase();
}
