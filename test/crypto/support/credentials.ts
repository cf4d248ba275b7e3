import type { HolderExpectation } from '../../../src/crypto/sd-jwt/holder.ts';
import { type CredentialToIssue, issueCredential } from '../../../src/crypto/sd-jwt/issue.ts';
import { type CredentialToVerify, verifyCredential } from '../../../src/crypto/sd-jwt/verify.ts';
import { cryptoKeySigner, type Signer } from '../../../src/crypto/signer.ts';
import { crlSource } from '../../../src/crypto/x509/crl.ts';
import { createTestAuthority, now } from './authorities.ts';
import { anchorOf } from './trust.ts';

export const day = 24 * 3600 * 1000;
export const issuer = 'https://hikitsugi.example/schools/B113200000001';
export const listUri = 'https://hikitsugi.example/status/1';
export const vct = 'https://hikitsugi.example/credentials/transcript/1';

/** What a school says of a pupil; the name has a variation selector and a character outside the basic plane. */
export const fields = {
  family_name: '𠮷田',
  given_name: '葛󠄀',
  birthdate: '2008-04-02',
  gpa: 4.2,
  address: { region: '奈良県', locality: '葛󠄀城市' },
  subjects: [
    { name: '国語総合', credits: 4, grade: 5 },
    { name: '数学Ⅰ', credits: 3, grade: 4 },
    { name: '体育', credits: 2, grade: 3 },
  ],
};
export const open = { school_code: 'B113200000001', document_kind: 'transcript' };

export interface Holder {
  readonly jwk: { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string };
  readonly signer: Signer;
}

export async function createHolder(): Promise<Holder> {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', keys.publicKey);
  return { jwk: { kty: 'EC', crv: 'P-256', x, y }, signer: cryptoKeySigner(keys.privateKey, [], 'ES256') };
}

/** A school whose seal speaks for `issuer`, a holder, and what a verifier trusts. */
export async function createCredentialWorld() {
  const authority = await createTestAuthority('封緘');
  const school = await authority.issue({ algorithm: 'ES256', uri: issuer });
  const holder = await createHolder();
  const trust = {
    anchors: [anchorOf('seal', authority.root)],
    revocation: crlSource(authority.crls, { now }),
    at: now,
  };
  const toIssue: CredentialToIssue = {
    issuer,
    type: vct,
    issuedAt: new Date(now.getTime() - day),
    expiresAt: new Date(now.getTime() + 30 * day),
    holder: holder.jwk,
    status: null,
    open,
    fields,
    signer: school.signer,
  };
  return {
    authority,
    school,
    holder,
    trust,
    toIssue,
    issue: (change: Partial<CredentialToIssue> = {}) => issueCredential({ ...toIssue, ...change }),
    verify: (presentation: unknown, change: Partial<CredentialToVerify> = {}) =>
      verifyCredential({ ...trust, types: [vct], holder: null, status: null, presentation, ...change }),
  };
}

export const audience = 'https://verifier.example';

/** A verifier that has given out this nonce and remembers which ones came back. */
export function expectHolder(nonce: string): HolderExpectation {
  const unused = new Set([nonce]);
  return { audience, nonce, maxAgeSeconds: 300, spendNonce: (given) => Promise.resolve(unused.delete(given)) };
}
