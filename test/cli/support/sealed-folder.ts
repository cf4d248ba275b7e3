import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signEvidence } from '../../../src/audit/evidence.ts';
import { systemClock } from '../../../src/clock.ts';
import { readAsic, writeAsic } from '../../../src/crypto/asic.ts';
import { signPdf } from '../../../src/crypto/pdf/sign-pdf.ts';
import type { Signer } from '../../../src/crypto/signer.ts';
import { webCryptoSigner } from '../../../src/crypto/signer.ts';
import { timestampService } from '../../../src/crypto/timestamp.ts';
import { derToPem } from '../../../src/crypto/x509/pem.ts';
import { demoTrust } from '../../../src/demo/demo-trust.node.ts';
import { type DemoSchoolKey, demoOrganisations } from '../../../src/demo/schools.ts';
import { publishTrustList } from '../../../src/demo/signed-trust.node.ts';
import { openTimeStampAuthority } from '../../../src/demo/tsa.node.ts';
import { dayInJapan } from '../../../src/identity/rules.ts';
import { signCertificateProof } from '../../../src/records/certificate-proof.ts';
import { containerFiles, sealedManifestBytes } from '../../../src/records/container.ts';
import type { Manifest } from '../../../src/records/manifest.ts';
import { sealPackage } from '../../../src/records/package-seal.ts';
import { statementFor } from '../../certificates/support/statement.ts';
import { makeDocument } from '../../crypto/pdf/support/signed-pdf.ts';
import type { TemporaryAuthorities } from '../../demo/temporary-authorities.ts';

const contents = {
  a: new TextEncoder().encode('%PDF-1.7\nstartxref\n0\n%%EOF\n'),
  b: new TextEncoder().encode('{"version":"1"}\n'),
  c: new TextEncoder().encode('%PDF-1.7\nhealth\nstartxref\n0\n%%EOF\n'),
} as const;

type AuthoritiesInFolder = Pick<TemporaryAuthorities, 'authorities' | 'folder'>;

/** What the demonstration leaves, made without a gateway: containers, manifest, a receipt, trust and lists; a signed PDF and a certificate's code. */
export async function makeSealedFolder(temporary: AuthoritiesInFolder, school: DemoSchoolKey): Promise<string> {
  const { authorities } = temporary;
  const folder = join(temporary.folder, `sealed-${school}`);
  await mkdir(join(folder, 'receipts'), { recursive: true });
  const seal = authorities.seals.get(demoOrganisations[school].code);
  if (seal === undefined) throw new Error(`${school} has no seal`);
  await publishTrustList(authorities, systemClock);
  await cp(authorities.trustDirectory, join(folder, 'trust'), { recursive: true });
  await cp(authorities.crlDirectory, join(folder, 'crl'), { recursive: true });
  await writeContainers(folder, await webCryptoSigner(seal.pkcs8, seal.chain, seal.algorithm), temporary);
  const { evidence } = authorities;
  const receipt = await signEvidence(
    statement,
    await webCryptoSigner(evidence.pkcs8, evidence.chain, evidence.algorithm),
  );
  await writeFile(join(folder, 'receipts', 'SubmissionAcceptance.jws.json'), JSON.stringify(receipt));
  return folder;
}

async function writeContainers(folder: string, signer: Signer, { authorities }: AuthoritiesInFolder): Promise<void> {
  const trust = await demoTrust(authorities);
  const tsa = await openTimeStampAuthority({ port: 0, identity: authorities.timeStamp, clock: systemClock });
  try {
    const authority = { url: tsa.url, anchors: trust.time, revocation: trust.revocation };
    const timestamps = timestampService([{ ...authority, timeoutMs: 5000, clock: systemClock }]);
    const sealed = await sealPackage(manifest, { signer, timestamps, now: new Date() });
    if (!sealed.ok) throw new Error(sealed.fault);
    const certificate = { signer, timestamps, fieldName: '公印', at: new Date() };
    const signed = await signPdf(await makeDocument(), certificate);
    if (!signed.ok) throw new Error(signed.fault);
    await writeFile(join(folder, 'signed.pdf'), signed.value);
    await writeCode(folder, signer);
    await writeFile(join(folder, 'manifest.jws.json'), sealedManifestBytes(sealed.value.manifest));
    for (const { visibility, manifestXml, signature } of sealed.value.containers) {
      const files = await containerFiles(manifest, sealed.value.manifest, visibility);
      const entries = files.map(({ name, mediaType, sha256, bytes: size, document }) => ({
        name,
        mediaType,
        sha256,
        size,
        bytes: once(document === null ? sealedManifestBytes(sealed.value.manifest) : contentOf(document.id)),
      }));
      await writeFile(join(folder, `${visibility}.asice`), writeAsic(entries, { manifest: manifestXml, signature }));
    }
  } finally {
    await tsa.close();
  }
}

/** What the second QR code of a certificate holds, and the certificates of the seal beside it. */
async function writeCode(folder: string, signer: Signer): Promise<void> {
  // Today in Japan: the demonstration's seals are a day old, and yesterday by UTC may be the day before.
  const day = dayInJapan(new Date());
  const token = await signCertificateProof(statementFor('graduationCertificate', { issuedOn: day }), signer);
  await writeFile(join(folder, 'code.txt'), `https://gateway.example/verify#${token}\n`);
  const pem = signer.chain.map((der) => derToPem(der, 'CERTIFICATE')).join('');
  await writeFile(join(folder, 'seal.pem'), pem);
}

function contentOf(id: string): Uint8Array {
  const found = Object.entries(contents).find(([name]) => name === id);
  if (found === undefined) throw new Error(`no content ${id}`);
  return found[1];
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The same container with one document changed, its ZIP made anew so that every checksum fits; the signature is the old one. */
export async function swapDocument(
  container: string,
  changed: string,
  other = new TextEncoder().encode('{"version":"2"}\n'),
): Promise<void> {
  const read = readAsic(new Uint8Array(await readFile(container)));
  if (!read.ok) throw new Error(read.fault);
  const [manifestXml, signature] = [read.value.manifests[0]?.content, read.value.signatures[0]?.content];
  if (manifestXml === undefined || signature === undefined) throw new Error('the container is not signed');
  const entries = read.value.files.map(({ name, content }) => {
    const bytes = name.endsWith('Core.json') ? other : content;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { name, mediaType: 'application/octet-stream', sha256, size: bytes.length, bytes: once(bytes) };
  });
  await writeFile(changed, writeAsic(entries, { manifest: manifestXml, signature }));
}

const document = (
  id: keyof typeof contents,
  rest: Pick<Manifest['documents'][number], 'kind' | 'form' | 'mediaType'>,
) => ({
  id,
  ...rest,
  title: '見本',
  bytes: contents[id].length,
  sha256: createHash('sha256').update(contents[id]).digest('hex'),
});

const manifest: Manifest = {
  version: 'hikitsugi-manifest/1',
  case: 'case-0001',
  kind: 'advancement',
  legalBasis: '学校教育法施行規則第24条第2項',
  purpose: '',
  sender: demoOrganisations.juniorHigh.code,
  recipient: demoOrganisations.prefecturalHigh.code,
  pupil: {
    officialName: '葛城　さくら',
    nonStandardCharacters: [],
    displayName: '葛城　さくら',
    kana: 'カツラギ　サクラ',
    birthDate: '2011-04-02',
    masterIdentifier: null,
  },
  documents: [
    document('a', { kind: 'cumulativeRecord', form: 'extract', mediaType: 'application/pdf' }),
    document('b', { kind: 'cumulativeRecordCore', form: 'extract', mediaType: 'application/json' }),
    document('c', { kind: 'healthCard', form: 'original', mediaType: 'application/pdf' }),
  ],
  draftedAt: '2026-03-01T00:00:00.000Z',
  approvedAt: '2026-03-02T00:00:00.000Z',
};

const statement = {
  event: 'SubmissionAcceptance',
  eventId: '019f0000-0000-7000-8000-000000000000',
  issuedAt: '2026-03-02T00:00:00.000Z',
  actorRole: 'clerk',
  assurance: 'organisationMember',
  log: {
    origin: 'demo.hikitsugi.example/log',
    entry: {
      v: 1,
      event: 'package.deposited',
      time: '2026-03-02T00:00:00.000Z',
      side: 'sender',
      orgRole: 'clerk',
      purpose: null,
      objectDigest: null,
      token: '0'.repeat(32),
      nonce: '1'.repeat(32),
      commitment: '2'.repeat(64),
    },
  },
} as const;
