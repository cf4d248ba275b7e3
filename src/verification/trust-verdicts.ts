import type { SealVerdict } from '../crypto/sealed-jws.ts';
import type { SignerVerdict } from '../crypto/signer-verdict.ts';
import type { TimestampVerdict } from '../crypto/timestamp-token.ts';
import { type Verdict, verdict } from './report.ts';
import { timeText } from './time-text.ts';

/** Who signed: trusted, refused, or neither when nobody could say whether the certificate had been revoked. */
export function issuerVerdict(signer: SignerVerdict | null): Verdict {
  if (signer === null) return verdict('issuer', 'invalid', { reasons: ['certificate-missing'] });
  const about = signer.name;
  if (signer.status === 'trusted') return verdict('issuer', 'valid', { about });
  const details = signer.path.reasons.flatMap(({ code, detail }) => (detail === undefined ? [code] : [code, detail]));
  // `notChecked` says itself that the status is unknown; why is in the details.
  const reasons = [...new Set([signer.status, ...details])].filter((code) => code !== 'revocation-unknown');
  return verdict('issuer', signer.status === 'notChecked' ? 'notChecked' : 'invalid', { about, reasons });
}

/** When it was signed, by a time-stamping authority's word; a seal without time stamp proves no time. */
export function timeVerdict(time: TimestampVerdict): Verdict {
  const about = time.genTime === null ? null : timeText(time.genTime);
  if (time.status === 'valid') return verdict('time', 'valid', { about });
  if (time.status === 'absent') return verdict('time', 'invalid', { reasons: ['time-absent'] });
  return verdict('time', time.status, { about, reasons: time.reasons });
}

export function signatureVerdict(seal: SealVerdict): Verdict {
  return seal.signature === 'valid'
    ? verdict('signature', 'valid')
    : verdict('signature', 'invalid', { reasons: seal.reasons });
}
