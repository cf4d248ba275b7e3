import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signCompactJwt } from '../../../src/crypto/jose.ts';
import { toBase64 } from '../../../src/crypto/jose-encoding.ts';
import { type CredentialToIssue, issueCredential } from '../../../src/crypto/sd-jwt/issue.ts';
import { bindSdJwt } from '../../../src/crypto/sd-jwt/present.ts';
import type { Signer } from '../../../src/crypto/signer.ts';
import { packStatuses, statusListSize } from '../../../src/crypto/status-list/entries.ts';
import type { CredentialStatus } from '../../../src/crypto/status-list/reference.ts';
import { signStatusList } from '../../../src/crypto/status-list/sign.ts';
import { signTrustList } from '../../../src/crypto/trust-list.ts';
import { derToPem } from '../../../src/crypto/x509/pem.ts';
import { createTestAuthority } from '../../crypto/support/authorities.ts';
import { audience, createHolder, day, fields, issuer, listUri, open, vct } from '../../crypto/support/credentials.ts';
import { anchorOf } from '../../crypto/support/trust.ts';

export const nonce = 'n-0S6_WzA2Mj';

/** Credentials good and bad, status lists, and whom to believe: files as somebody would hand them over today. */
export async function makeCredentialFolder(uri = listUri): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-credentials-'));
  const now = new Date();
  const [authority, strangers] = await Promise.all([
    createTestAuthority('封緘', now),
    createTestAuthority('他人', now),
  ]);
  const school = await authority.issue({ algorithm: 'ES256', uri: issuer, ...validityAround(now) });
  const stranger = await strangers.issue({ algorithm: 'ES256', uri: issuer, ...validityAround(now) });
  const gateway = await authority.issue({ algorithm: 'ES256', name: 'gateway', ...validityAround(now) });
  const holder = await createHolder();
  const base: CredentialToIssue = {
    issuer,
    type: vct,
    issuedAt: new Date(now.getTime() - day),
    expiresAt: new Date(now.getTime() + 30 * day),
    holder: null,
    status: { uri, index: 7 },
    open,
    fields,
    signer: school.signer,
  };
  const good = await issueCredential(base);
  const bound = await issueCredential({ ...base, holder: holder.jwk });
  const [jwt = '', ...disclosures] = good.split('~').slice(0, -1);
  const files: Record<string, string> = {
    'good.sd-jwt': good,
    'bound.sd-jwt': bound,
    'shown.sd-jwt': await bindSdJwt({ presentation: bound, audience, nonce, at: now, signer: holder.signer }),
    'foreign.sd-jwt': await issueCredential({ ...base, signer: stranger.signer }),
    'expired.sd-jwt': await issueCredential({ ...base, expiresAt: new Date(now.getTime() - day / 2) }),
    'added.sd-jwt': [jwt, ...disclosures, Buffer.from('["c2FsdA","gpa",5]').toString('base64url'), ''].join('~'),
    'repeated.sd-jwt': [jwt, ...disclosures, disclosures[0], ''].join('~'),
    'padded.sd-jwt': [jwt, `${disclosures[0]}=`, ''].join('~'),
    'none.sd-jwt': `${Buffer.from('{"alg":"none","typ":"dc+sd-jwt"}').toString('base64url')}.${jwt.split('.')[1]}.~`,
    'changed.sd-jwt': good.replace(
      /\.(.{20})(.)/,
      (_, before: string, one: string) => `.${before}${one === 'A' ? 'B' : 'A'}`,
    ),
    'list.jwt': await listBy(school.signer, { uri, now, statuses: [] }),
    'revoking.jwt': await listBy(school.signer, { uri, now, statuses: [[7, 'revoked']] }),
    'foreign.jwt': await listBy(stranger.signer, { uri, now, statuses: [] }),
    'bomb.jwt': await bombBy(school.signer, uri, now),
    'trust/trust.json': JSON.stringify(
      await signTrustList(
        {
          version: 'hikitsugi-trust/2',
          serial: 1,
          issuedAt: now,
          expiresAt: new Date(now.getTime() + 400 * day),
          anchors: [{ purpose: 'seal', anchor: anchorOf('seal', authority.root) }],
          logKeys: [],
        },
        gateway.signer,
      ),
    ),
    'trust/gateway-evidence.pem': derToPem(gateway.certificate, 'CERTIFICATE'),
  };
  await Promise.all(['trust', 'crl'].map((name) => mkdir(join(folder, name))));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  for (const [at, der] of authority.crls.entries()) await writeFile(join(folder, 'crl', `${at}.crl`), der);
  return folder;
}

function validityAround(now: Date) {
  return { notBefore: new Date(now.getTime() - 100 * day), notAfter: new Date(now.getTime() + 100 * day) };
}

interface ListWanted {
  readonly uri: string;
  readonly now: Date;
  readonly statuses: readonly (readonly [number, CredentialStatus])[];
}

function listBy(signer: Signer, { uri, now, statuses }: ListWanted): Promise<string> {
  const entries = packStatuses(statusListSize, statuses);
  return signStatusList({
    uri,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + day),
    ttlSeconds: 3600,
    entries,
    signer,
  });
}

/** A quarter of a gigabyte of zeros in a quarter of a megabyte. */
async function bombBy(signer: Signer, uri: string, now: Date): Promise<string> {
  const { deflateSync } = await import('node:zlib');
  const lst = deflateSync(Buffer.alloc(256 * 1024 * 1024), { level: 9 }).toString('base64url');
  const iat = Math.floor(now.getTime() / 1000);
  const claims = { sub: uri, iat, exp: iat + 86_400, ttl: 3600, status_list: { bits: 2, lst } };
  return signCompactJwt({ claims, header: { typ: 'statuslist+jwt', x5c: signer.chain.map(toBase64) }, signer });
}
