import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeAsic } from '../../src/crypto/asic.ts';
import { asicManifest } from '../../src/crypto/asic-manifest.ts';
import { verifyAsic } from '../../src/crypto/asic-verify.ts';
import { signCades } from '../../src/crypto/cms/sign-cades.ts';
import { canonicalJson } from '../../src/crypto/jcs.ts';
import { sealJws, verifySealedJws } from '../../src/crypto/sealed-jws.ts';
import { signTrustList, verifyTrustList } from '../../src/crypto/trust-list.ts';
import { parseX509Certificate } from '../../src/crypto/x509/certificate.ts';
import { crlSource } from '../../src/crypto/x509/crl.ts';
import { now } from './support/authorities.ts';
import { anchorOf, createTestWorld, valueOf } from './support/trust.ts';

const folder = new URL('../vectors/sealed/', import.meta.url);
const typ = 'hikitsugi-manifest+jws';
const document = new TextEncoder().encode('指導要録の写し\n');

// Keys are made and thrown away, so these vectors cannot be made twice: once written they stay, and must verify for ever.
if (process.env['WRITE_SEALED_VECTORS'] === 'yes') await writeVectors();

describe('formats that must verify for ever', () => {
  const trust = {
    anchors: [anchorOf('seal', read('seal-root.der'))],
    timestampAnchors: [anchorOf('time', read('time-root.der'))],
    revocation: crlSource(['seal-root.crl', 'seal-issuing.crl', 'time-root.crl', 'time-issuing.crl'].map(read)),
    at: now,
  };

  it('a sealed manifest', async () => {
    const verdict = await verifySealedJws({ ...trust, jws: readJson('manifest.jws.json'), typ });
    expect(verdict).toMatchObject({ signature: 'valid', time: { status: 'valid', genTime: now }, reasons: [] });
    expect(verdict.payload).toEqual(canonicalJson({ version: 'example', documents: [digest(document)] }));
  });

  it('a container', async () => {
    const verdict = await verifyAsic({ ...trust, bytes: read('container.asice') });
    expect(verdict).toMatchObject({ structure: 'valid', reasons: [] });
    expect(verdict.container?.files).toEqual([{ name: 'records/01-copy.txt', content: document }]);
    expect(verdict.signatures[0]?.verdict).toMatchObject({ signer: { status: 'trusted' }, time: { status: 'valid' } });
  });

  it('a trust list', async () => {
    const { spki } = valueOf(parseX509Certificate(read('gateway.der'))).publicKey;
    const list = valueOf(await verifyTrustList({ jws: readJson('trust.json'), key: { spki } }));
    expect(list.anchors.map(({ purpose, anchor }) => [purpose, anchor.certificate.der])).toEqual([
      ['seal', read('seal-root.der')],
      ['time', read('time-root.der')],
    ]);
  });
});

async function writeVectors(): Promise<void> {
  const { seal, time, timestamps, anchors, timestampAnchors } = await createTestWorld();
  const { signer } = await seal.issue({ algorithm: 'ES256' });
  const gateway = await seal.issue({ algorithm: 'ES256', name: 'gateway' });
  const payload = canonicalJson({ version: 'example', documents: [digest(document)] });
  const file = { name: 'records/01-copy.txt', mediaType: 'text/plain', sha256: digest(document) };
  const manifest = asicManifest([file]);
  const signature = valueOf(await signCades({ content: manifest, signer, timestamps }));
  const entry = { ...file, size: document.length, bytes: once(document) };
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeAsic([entry], { manifest, signature })) chunks.push(chunk);
  const list = {
    version: 'hikitsugi-trust/2' as const,
    serial: 1,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + 400 * 86_400_000),
    anchors: [
      ...anchors.map((anchor) => ({ purpose: 'seal' as const, anchor })),
      ...timestampAnchors.map((anchor) => ({ purpose: 'time' as const, anchor })),
    ],
    logKeys: [],
  };
  const [sealRootList, sealIssuingList] = seal.crls;
  const [timeRootList, timeIssuingList] = time.crls;
  mkdirSync(folder, { recursive: true });
  const files = {
    'manifest.jws.json': JSON.stringify(valueOf(await sealJws({ payload, typ, signer, timestamps, iat: now }))),
    'container.asice': Buffer.concat(chunks),
    'trust.json': JSON.stringify(await signTrustList(list, gateway.signer)),
    'gateway.der': gateway.certificate,
    'seal-root.der': seal.root,
    'time-root.der': time.root,
    'seal-root.crl': sealRootList,
    'seal-issuing.crl': sealIssuingList,
    'time-root.crl': timeRootList,
    'time-issuing.crl': timeIssuingList,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(new URL(name, folder), content ?? '');
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

function read(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, folder)));
}

function readJson(name: string): unknown {
  return JSON.parse(new TextDecoder().decode(read(name)));
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
