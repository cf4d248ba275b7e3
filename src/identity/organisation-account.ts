import { z } from 'zod';
import { parseCorporateNumber } from '../directory/codes.ts';
import type { AssuranceLevel } from '../policy/actor.ts';

/** Who logged in for an organisation, as the provider's userinfo tells it. */
export interface OrganisationAccount {
  readonly issuer: string;
  readonly subject: string;
  readonly type: 'entry' | 'prime' | 'member' | 'unknown';
  /** 法人番号 of the founder; null when there is none, or it is not one. */
  readonly corporateNumber: string | null;
  /** Family and given name; null when the provider tells none. Only shown, never a key. */
  readonly name: string | null;
  /** For notices; never a key (ASVS 6.8.1). Null when the provider tells none, or what it tells is no address. */
  readonly contactMail: string | null;
}

// GBizID sends some values as strings, others as numbers.
const word = z.union([z.string(), z.number().int()]).transform(String);
// Whatever stands there instead of an address is none, and no reason to turn somebody away.
const address = z.email().max(254).nullish().catch(null);
const shape = z.object({
  sub: z.string().min(1).max(255),
  account_type: word,
  corp_type: word.optional(),
  corporate_number: word.optional(),
  user_last_nm: z.string().max(200).optional(),
  user_first_nm: z.string().max(200).optional(),
  user_email: address,
  email: address,
});

/** Reads userinfo; null when what identifies the account is missing. */
export function parseOrganisationAccount(issuer: string, userinfo: unknown): OrganisationAccount | null {
  const parsed = shape.safeParse(userinfo);
  if (!parsed.success) return null;
  const { sub, account_type, corp_type, corporate_number, user_last_nm = '', user_first_nm = '' } = parsed.data;
  // The user's own address before the one that the account is called by.
  const contactMail = parsed.data.user_email ?? parsed.data.email ?? null;
  // Only a corporation (corp_type 1) has a number with a check digit, and only a corporation can be a founder.
  const corporateNumber =
    corp_type === '1' && corporate_number !== undefined ? parseCorporateNumber(corporate_number) : null;
  const name = `${user_last_nm}　${user_first_nm}`.trim();
  const type = accountType(account_type);
  return { issuer, subject: sub, type, corporateNumber, name: name === '' ? null : name, contactMail };
}

/** How strongly such an account stands for a person; null for one that may not act for an organisation. */
export function assuranceOf(type: OrganisationAccount['type']): AssuranceLevel | null {
  switch (type) {
    case 'prime':
      return 'organisationPrime';
    case 'member':
      return 'organisationMember';
    case 'entry':
    case 'unknown':
      return null;
  }
}

function accountType(value: string): OrganisationAccount['type'] {
  if (value === '1') return 'entry';
  if (value === '2') return 'prime';
  return value === '3' ? 'member' : 'unknown';
}
