import { parseSignedData } from '../cms/parse.ts';
import type { TimestampService } from '../timestamp.ts';
import { parseX509Certificate, type X509Certificate } from '../x509/certificate.ts';
import { parseCrl } from '../x509/crl.ts';
import { nameKey } from '../x509/names.ts';
import type { ValidationData } from './validation-data.ts';

/** A time-stamp service that remembers what it was given: what proves it belongs into the document too. */
export function recordingTimestamps(timestamps: TimestampService): {
  readonly service: TimestampService;
  readonly tokens: readonly Uint8Array[];
} {
  const tokens: Uint8Array[] = [];
  const service: TimestampService = {
    async stamp(...given) {
      const token = await timestamps.stamp(...given);
      if (token.ok) tokens.push(token.value);
      return token;
    },
  };
  return { service, tokens };
}

export interface Gathered {
  readonly data: ValidationData;
  /** Whether there is a list for every certificate that is not its own issuer. */
  readonly isComplete: boolean;
}

/**
 * What verifies a signature years later (ETSI EN 319 142-1 §5.4.2): the chain of the signer, the certificates in its time
 * stamps, and of the lists at hand those of their issuers. The lists are taken as they are: a verifier judges them.
 */
export function gatherValidationData(of: {
  readonly chain: readonly Uint8Array[];
  readonly tokens: readonly Uint8Array[];
  readonly lists: readonly Uint8Array[];
}): Gathered {
  const inTokens = of.tokens.flatMap((token) => {
    const parsed = parseSignedData(token);
    return parsed.ok ? parsed.value.certificates : [];
  });
  const certificates = [...of.chain, ...inTokens];
  const parsed = certificates.flatMap((der) => {
    const one = parseX509Certificate(der);
    return one.ok ? [one.value] : [];
  });
  const issuers = new Set(parsed.filter((one) => !isSelfIssued(one)).map(({ issuer }) => nameKey(issuer)));
  const found = of.lists.flatMap((der) => {
    const list = parseCrl(der);
    const issuer = list.ok ? nameKey(list.value.issuer) : null;
    return issuer !== null && issuers.has(issuer) ? [{ der, issuer }] : [];
  });
  const covered = new Set(found.map(({ issuer }) => issuer));
  return {
    data: { certificates, crls: found.map(({ der }) => der), ocsps: [] },
    isComplete: parsed.length === certificates.length && [...issuers].every((issuer) => covered.has(issuer)),
  };
}

function isSelfIssued({ subject, issuer }: X509Certificate): boolean {
  return nameKey(subject) === nameKey(issuer);
}
