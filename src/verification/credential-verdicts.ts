import type { CredentialVerdict } from '../crypto/sd-jwt/verify.ts';
import { audienceClaim } from '../records/credential-type.ts';
import { type Verdict, verdict } from './report.ts';
import type { ListAnswer } from './status-lists.ts';
import { timeText } from './time-text.ts';
import { issuerVerdict } from './trust-verdicts.ts';

/** The questions of a credential whose signature and digests are right. */
export function credentialVerdicts(
  judged: CredentialVerdict,
  { list, sharedWith }: { readonly list: ListAnswer | null; readonly sharedWith: string | null },
): readonly Verdict[] {
  return [
    verdict('signature', 'valid'),
    issuerOf(judged),
    issuedOf(judged),
    statusOf(judged, list),
    expiryOf(judged),
    ...holderOf(judged),
    ...audienceOf(judged, sharedWith),
  ];
}

/** Its certificate is trusted and speaks for the issuer that the credential names. */
function issuerOf({ issuer, reasons, claims }: CredentialVerdict): Verdict {
  const certificate = issuerVerdict(issuer);
  if (!reasons.includes('issuer-name-mismatch')) return certificate;
  const more = certificate.word === 'valid' ? [] : certificate.reasons;
  const named = claims?.['iss'];
  const about = typeof named === 'string' ? named : null;
  return verdict('issuer', 'invalid', { about, reasons: ['issuer-name-mismatch', ...more] });
}

/** By the issuer's own word: the time stamp of a paper certificate has no place in a credential. */
function issuedOf({ reasons, claims }: CredentialVerdict): Verdict {
  const about = secondsText(claims?.['iat']);
  return reasons.includes('signed-outside-validity')
    ? verdict('issued', 'invalid', { about, reasons: ['signed-outside-validity'] })
    : verdict('issued', 'valid', { about });
}

function statusOf({ status }: CredentialVerdict, list: ListAnswer | null): Verdict {
  switch (status) {
    case 'valid':
      return verdict('status', 'valid');
    case 'none':
      return verdict('status', 'notChecked', { reasons: ['status-none'] });
    case 'unknown':
      return verdict('status', 'notChecked', { reasons: [list?.status === 'unknown' ? list.reason : 'list-missing'] });
    case 'revoked':
    case 'suspended':
    case 'superseded':
      return verdict('status', 'invalid', { reasons: [`status-${status}`] });
  }
}

function expiryOf({ time, claims }: CredentialVerdict): Verdict {
  const about = secondsText(claims?.['exp']);
  switch (time) {
    case 'valid':
      return verdict('expiry', 'valid', { about });
    case 'expired':
      return verdict('expiry', 'invalid', { about, reasons: ['credential-expired'] });
    case 'notYetValid':
      return verdict('expiry', 'invalid', {
        about: secondsText(claims?.['nbf'] ?? claims?.['iat']),
        reasons: ['credential-not-yet-valid'],
      });
    case 'notChecked':
      return verdict('expiry', 'notChecked', { about });
  }
}

/** None for a credential without a holder's key: there the question cannot be asked, which is told as a remark. */
function holderOf({ holder, reasons, claims }: CredentialVerdict): readonly Verdict[] {
  const refusals = reasons.filter((reason) => reason.startsWith('holder-'));
  if (holder === 'refused') return [verdict('holder', 'invalid', { reasons: refusals })];
  if (claims?.['cnf'] === undefined) return [];
  if (holder === 'proved') return [verdict('holder', 'valid')];
  return [verdict('holder', 'notChecked', { reasons: ['holder-not-asked'] })];
}

/** None for what its holder has shared with nobody in particular. */
function audienceOf({ claims }: CredentialVerdict, sharedWith: string | null): readonly Verdict[] {
  const named = claims?.[audienceClaim];
  if (named === undefined) return [];
  if (typeof named !== 'string') return [verdict('audience', 'invalid', { reasons: ['claims-invalid'] })];
  if (sharedWith === null) return [verdict('audience', 'notChecked', { about: named, reasons: ['audience-not-told'] })];
  return [
    plain(named) === plain(sharedWith)
      ? verdict('audience', 'valid', { about: named })
      : verdict('audience', 'invalid', { about: named, reasons: ['audience-other'] }),
  ];
}

/** As somebody types it: width, case and spaces do not count. */
function plain(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, '');
}

function secondsText(seconds: unknown): string | null {
  const at = typeof seconds === 'number' ? new Date(seconds * 1000) : null;
  // What a Date cannot hold is told as nothing.
  return at === null || Number.isNaN(at.getTime()) ? null : timeText(at);
}
