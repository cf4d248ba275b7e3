import type { CredentialVerdict } from '../crypto/sd-jwt/verify.ts';
import type { Report } from './report.ts';

/** Claims that the verdicts speak of, or that are nothing to read. */
const technical = ['iss', 'vct', 'vct#integrity', 'iat', 'nbf', 'exp', 'cnf', 'status', '_sd_alg'];

/** What the credential says of its holder, as far as it was shown. */
export function factsOfCredential({ claims }: CredentialVerdict): Report['facts'] {
  if (claims === null) return {};
  const shown = Object.entries(claims).filter(([name]) => !technical.includes(name));
  return { type: claims['vct'], issuer: claims['iss'], claims: Object.fromEntries(shown) };
}
