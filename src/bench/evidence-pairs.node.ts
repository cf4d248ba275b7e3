import { decodeProtectedHeader, importX509, jwtVerify } from 'jose';
import { drawCertificate } from '../certificates/drawing/draw-certificate.ts';
import { makeCopy } from '../certificates/issue/make-copy.ts';
import { verifyPdf } from '../crypto/pdf/verify/verify-pdf.ts';
import { verifyCredential } from '../crypto/sd-jwt/verify.ts';
import { statusOf, verifyStatusList } from '../crypto/status-list/verify.ts';
import { createPathCache, type PathCache } from '../crypto/x509/path-cache.ts';
import type { EvidenceSamples } from './evidence-samples.node.ts';
import type { Pair } from './play-pairs.node.ts';

/** What is done with evidence, each beside the bare work inside it, one at a time in one thread. */
export async function evidencePairs(samples: EvidenceSamples): Promise<readonly Pair[]> {
  const { gateway, signer, statement, trust, credential } = samples;
  const copy = { statement, sealImage: null, signer };
  const { pdf } = await makeCopy(gateway, copy);
  const [jws = ''] = credential.split('~');
  return [
    {
      name: 'PDF',
      what: 'verified certificate (B-LT) / bare ES256 of its bytes',
      goal: null,
      ours: async () => {
        const { signatures } = await verifyPdf(pdf, trust);
        expect(signatures[0]?.level.status === 'B-LT', 'the certificate is not B-LT');
      },
      theirs: await bareCheck(pdf),
    },
    {
      name: 'B8',
      what: 'verified credential, list and chain seen before / jwtVerify (jose) of its JWT',
      goal: { ratio: 0.6 },
      ours: await credentialCheck(samples, createPathCache()),
      theirs: await jwtCheck(jws),
    },
    {
      name: 'B8 new',
      what: 'the same with nothing kept of its chain / jwtVerify (jose) of its JWT',
      goal: null,
      ours: await credentialCheck(samples, undefined),
      theirs: await jwtCheck(jws),
    },
    {
      name: 'B10',
      what: 'certificate drawn, sealed, stamped (B-LT) / drawn alone',
      goal: { perCpuSecond: 20 },
      ours: async () => {
        const made = await makeCopy(gateway, copy);
        expect(made.level === 'B-LT', 'what was issued is not B-LT');
      },
      theirs: async () => {
        const at = gateway.clock.now();
        const drawn = await drawCertificate({ statement, font: samples.font, sealImage: null, offlineProof: null, at });
        expect(drawn.ok, 'a character is missing');
      },
    },
  ];
}

/** A key that is imported once, a signature over the same bytes, and nothing else. */
async function bareCheck(data: Uint8Array): Promise<() => Promise<void>> {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const owned = new Uint8Array(data);
  const signature = await crypto.subtle.sign(algorithm, keys.privateKey, owned);
  return async () => {
    const isGood = await crypto.subtle.verify(algorithm, keys.publicKey, signature, owned);
    expect(isGood, 'a bare signature is not good');
  };
}

/** The signature and the times of a credential's JWT by jose, its key imported once; nothing of who signed, its disclosures or its status. */
async function jwtCheck(jwt: string): Promise<() => Promise<void>> {
  const { x5c: [leaf = ''] = [] } = decodeProtectedHeader(jwt);
  const key = await importX509(`-----BEGIN CERTIFICATE-----\n${leaf}\n-----END CERTIFICATE-----`, 'ES256');
  return async () => {
    await jwtVerify(jwt, key, { algorithms: ['ES256'] });
  };
}

/** @param cache - of the verifications before */
async function credentialCheck(
  { credential, statusList, trust }: EvidenceSamples,
  cache: PathCache | undefined,
): Promise<() => Promise<void>> {
  const { anchors, revocation, at } = trust;
  const list = await verifyStatusList({ token: statusList, anchors, revocation, at });
  if (!list.ok) throw new Error(list.fault);
  return async () => {
    const { reasons } = await verifyCredential({
      cache,
      presentation: credential,
      anchors,
      revocation,
      at,
      types: null,
      holder: null,
      status: (reference, issuer) => Promise.resolve(statusOf(list.value, { reference, issuer, at })),
    });
    expect(reasons.length === 0, 'the credential is not good');
  };
}

/** A run that measures refusals measures nothing. */
function expect(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}
