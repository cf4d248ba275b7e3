import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verifyEvidence, verifyEvidenceProof } from '../../src/audit/evidence.ts';
import { parseVerifierKey } from '../../src/audit/note.ts';
import { verifyAsic } from '../../src/crypto/asic-verify.ts';
import { canonicalJson, isCanonicalJson } from '../../src/crypto/jcs.ts';
import { verifySealedJws } from '../../src/crypto/sealed-jws.ts';
import { anchorsFor, verifyTrustList } from '../../src/crypto/trust-list.ts';
import { parseX509Certificate } from '../../src/crypto/x509/certificate.ts';
import { crlSource } from '../../src/crypto/x509/crl.ts';
import { sealedManifestBytes } from '../../src/records/container.ts';
import { documentsOf, manifestType, parseManifest } from '../../src/records/manifest.ts';
import { sealPurpose } from '../../src/records/seal-purpose.ts';
import { now } from '../crypto/support/authorities.ts';
import { valueOf } from '../crypto/support/trust.ts';
import { packageFolder, writePackageVectors } from './package-vectors.ts';

// Keys are made and thrown away, so these vectors cannot be made twice: once written they stay, and must verify for ever.
if (process.env['WRITE_PACKAGE_VECTORS'] === 'yes') await writePackageVectors();

describe('a whole package, its receipt and the proof of it', async () => {
  const { spki } = valueOf(parseX509Certificate(read('gateway.der'))).publicKey;
  const list = valueOf(await verifyTrustList({ jws: readJson('trust.json'), key: { spki } }));
  const crls = ['seal', 'time', 'evidence'].flatMap((name) => [`${name}-root.crl`, `${name}-issuing.crl`]);
  const timestampAnchors = anchorsFor(list, 'time');
  const revocation = crlSource(crls.map(read), { now });
  const trust = { anchors: anchorsFor(list, 'seal'), timestampAnchors, revocation, at: now, purpose: sealPurpose };
  const manifest = parseManifest(read('manifest.json'));

  it('has a manifest in canonical form', () => {
    expect(isCanonicalJson(read('manifest.json'))).toBe(true);
    expect(manifest).toMatchObject({ version: 'hikitsugi-manifest/1', sender: 'C139290001200' });
    expect(Buffer.from(canonicalJson(manifest)).equals(read('manifest.json'))).toBe(true);
  });

  it.each([
    ['another version', (text: string) => text.replace('manifest/1', 'manifest/2')],
    ['a name that is not known', (text: string) => text.replace('"purpose":', '"note":"","purpose":')],
    ['a document twice', (text: string) => text.replace('documentaaaaaaaaaaaaaaaaab', 'documentaaaaaaaaaaaaaaaaaa')],
    ['a kind that is not known', (text: string) => text.replace('"healthCard"', '"x"')],
    ['a digest in capitals', (text: string) => text.replace(/"sha256":"[0-9a-f]+"/, (found) => found.toUpperCase())],
    ['a birth date that does not exist', (text: string) => text.replace('2010-04-02', '2010-02-30')],
    ['no document', (text: string) => text.replace(/"documents":\[.*?\]/, '"documents":[]')],
  ])('would not be a manifest with %s', (_, change) => {
    const changed = change(new TextDecoder().decode(read('manifest.json')));
    expect(changed).not.toBe(new TextDecoder().decode(read('manifest.json')));
    expect(parseManifest(new TextEncoder().encode(changed))).toBeNull();
  });

  it('has a seal of the sending school over it, with proved time', async () => {
    const verdict = await verifySealedJws({ ...trust, jws: readJson('manifest.jws.json'), typ: manifestType });
    expect(verdict).toMatchObject({ signature: 'valid', issuer: { status: 'trusted' }, reasons: [] });
    expect(verdict.time).toMatchObject({ status: 'valid', genTime: now });
    expect(Buffer.from(verdict.payload ?? []).equals(read('manifest.json'))).toBe(true);
  });

  it.each(['records', 'health'] as const)(
    'has a container for %s with the whole sealed manifest',
    async (visibility) => {
      if (manifest === null) throw new Error('no manifest');
      const verdict = await verifyAsic({ ...trust, bytes: read(`${visibility}.asice`) });
      expect(verdict).toMatchObject({ structure: 'valid', reasons: [] });
      const [first, ...documents] = verdict.container?.files ?? [];
      expect(first?.name).toBe('records/manifest.jws.json');
      // The file in the container is the canonical form of the same JWS.
      const sealed = readJson('manifest.jws.json');
      expect(canonicalJson(sealed)).toEqual(first?.content);
      expect(documents.map(({ content }) => sha256(content))).toEqual(
        documentsOf(manifest, visibility).map((document) => document.sha256),
      );
    },
  );

  it('has a receipt whose entry the log proves', async () => {
    const anchors = anchorsFor(list, 'evidence');
    const jws = readJson('receipt.jws.json');
    const verdict = await verifyEvidence({ jws, anchors, timestampAnchors, revocation, at: now });
    expect(verdict).toMatchObject({ seal: { reasons: [] }, statement: { event: 'SubmissionAcceptance' } });
    if (verdict.statement === null || manifest === null) throw new Error('no statement');
    expect(verdict.statement['case']).toBe(manifest.case);
    const logKey = valueOf(parseVerifierKey(list.logKeys[0] ?? ''));
    const proof = new TextDecoder().decode(read('receipt.tlog-proof'));
    expect(await verifyEvidenceProof(verdict.statement, proof, logKey)).toMatchObject({
      ok: true,
      value: { index: 1n },
    });
    const forged = proof.replace('index 1', 'index 0');
    expect(await verifyEvidenceProof(verdict.statement, forged, logKey)).toEqual({
      ok: false,
      fault: 'proof.not-included',
    });
  });

  it('shows every changed byte of the sealed manifest', async () => {
    // Sound: written by us as a flattened JWS.
    const sealed = readJson('manifest.jws.json') as Parameters<typeof sealedManifestBytes>[0];
    const payload = Buffer.from(sealed.payload, 'base64url').toString('utf8').replace('C139290001200', 'D139290000389');
    const jws = { ...sealed, payload: Buffer.from(payload).toString('base64url') };
    const verdict = await verifySealedJws({ ...trust, jws, typ: manifestType });
    expect(verdict).toMatchObject({ signature: 'invalid', payload: null });
  });
});

function read(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, packageFolder)));
}

function readJson(name: string): unknown {
  return JSON.parse(new TextDecoder().decode(read(name)));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
