import { parseX509Certificate, type X509Certificate } from '../../x509/certificate.ts';
import { crlSource } from '../../x509/crl.ts';
import { checkOcspResponse } from '../../x509/ocsp.ts';
import { type OcspResponse, parseOcspResponse } from '../../x509/ocsp-reader.ts';
import { combineSources, type RevocationAnswer, type RevocationSource } from '../../x509/revocation.ts';
import { readValidationData } from '../validation-data.ts';
import type { PdfView } from '../view.ts';

/** What a document brings along to be judged by; nothing in it is trusted. */
export interface Embedded {
  readonly pool: readonly X509Certificate[];
  readonly revocation: RevocationSource;
  /** How many lists and answers there are. */
  readonly statements: number;
}

/** A path is built from 64 certificates at most, those of the signature included. */
const maxCertificates = 40;

/** The document security store of one revision, as far as it can be read. */
export function embeddedIn(view: PdfView, now: Date): Embedded {
  const { certificates, crls, ocsps } = readValidationData(view);
  const parsed = certificates.map(parseX509Certificate).flatMap((result) => (result.ok ? [result.value] : []));
  const pool = [...new Map(parsed.map((certificate) => [certificate.sha256, certificate])).values()];
  return {
    statements: crls.length + ocsps.length,
    pool: pool.slice(0, maxCertificates),
    // A source that has nothing to say would hide why another could not say more.
    revocation: combineSources([
      ...(crls.length === 0 ? [] : [crlSource(crls, { now })]),
      ...(ocsps.length === 0 ? [] : [storedOcspSource(ocsps, now)]),
    ]),
  };
}

/** Answers from OCSP responses that were kept (RFC 6960); the first that is about the certificate and holds counts. */
function storedOcspSource(ocsps: readonly Uint8Array[], now: Date): RevocationSource {
  const stored = ocsps.flatMap((der) => {
    const response = parseOcspResponse(der);
    return response.ok ? [{ der, response: response.value }] : [];
  });
  return {
    async check(question) {
      let answer: RevocationAnswer = { status: 'notChecked', reason: 'no-source' };
      for (const { der, response } of stored) {
        const next = await checkOcspResponse(der, question, { nonce: null, now: momentOf(response, question.at, now) });
        if (next.status === 'revoked') return next;
        if (answer.status !== 'good') answer = next;
      }
      return answer;
    },
  };
}

/**
 * The moment at which a stored answer is to be fresh: the one in question; of an answer given after it, its own, since a
 * certificate that was good then was good before. An answer from the future is not fresh at any.
 */
function momentOf({ producedAt }: OcspResponse, at: Date, now: Date): Date {
  return producedAt > at && producedAt <= now ? producedAt : at;
}
