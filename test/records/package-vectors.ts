import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { formatCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.ts';
import { completeEntry, type EntryBody, encodeBody } from '../../src/audit/entry.ts';
import { signEvidence } from '../../src/audit/evidence.ts';
import { hashLeaf, hashNode } from '../../src/audit/hash.ts';
import { openLogKey } from '../../src/audit/log-key.ts';
import { formatVerifierKey } from '../../src/audit/note.ts';
import { formatProof } from '../../src/audit/proof-text.ts';
import { type AsicEntry, writeAsic } from '../../src/crypto/asic.ts';
import { canonicalJson } from '../../src/crypto/jcs.ts';
import { signTrustList } from '../../src/crypto/trust-list.ts';
import { containerFiles, sealedManifestBytes } from '../../src/records/container.ts';
import { legalBasis, type Visibility } from '../../src/records/kinds.ts';
import type { Manifest } from '../../src/records/manifest.ts';
import { sealPackage } from '../../src/records/package-seal.ts';
import { createTestAuthority, now } from '../crypto/support/authorities.ts';
import { anchorOf, createTestWorld, valueOf } from '../crypto/support/trust.ts';

export const packageFolder = new URL('../vectors/package/', import.meta.url);

const record = new TextEncoder().encode('{"example":"指導要録の電子データ"}\n');
const card = new TextEncoder().encode('{"example":"健康診断票"}\n');
const documentSigning = { oids: ['1.3.6.1.5.5.7.3.36'], critical: false };
const origin = 'hikitsugi.example/log';

const manifest: Manifest = {
  version: 'hikitsugi-manifest/1',
  case: 'caseaaaaaaaaaaaaaaaaaaaaaa',
  kind: 'advancement',
  legalBasis: legalBasis('advancement'),
  purpose: '進学',
  sender: 'C139290001200',
  recipient: 'D139290000389',
  pupil: {
    officialName: '𠮷田　葛󠄀子',
    nonStandardCharacters: [],
    displayName: '吉田　葛子',
    kana: 'ヨシダ　カツコ',
    birthDate: '2010-04-02',
    masterIdentifier: null,
  },
  documents: [
    {
      ...documentOf('documentaaaaaaaaaaaaaaaaaa', record),
      kind: 'cumulativeRecord',
      form: 'extract',
      title: '指導要録',
    },
    { ...documentOf('documentaaaaaaaaaaaaaaaaab', card), kind: 'healthCard', form: 'original', title: '健康診断票' },
  ],
  draftedAt: '2026-11-20T00:00:00.000Z',
  approvedAt: '2026-11-21T02:00:00.000Z',
};

/** An invented package as the gateway makes it: sealed, in its two containers, with a receipt and its proof. */
export async function writePackageVectors(): Promise<void> {
  const { seal, time, timestamps, anchors, timestampAnchors } = await createTestWorld();
  const evidence = await createTestAuthority('証跡');
  const { signer } = await seal.issue({ algorithm: 'ES256', extendedKeyUsage: documentSigning });
  const gateway = await evidence.issue({ algorithm: 'ES256', name: '引継ぎ 受領証' });
  const sealed = valueOf(await sealPackage(manifest, { signer, timestamps, now }));
  const containers: Record<string, Uint8Array> = {};
  for (const { visibility, manifestXml, signature } of sealed.containers) {
    const entries = await entriesOf(sealed.manifest, visibility);
    containers[`${visibility}.asice`] = await collect(writeAsic(entries, { manifest: manifestXml, signature }));
  }
  const logKey = await openLogKey(`${origin}/2026`, new Uint8Array(randomBytes(32)));
  const { proof, entry } = await proveEntry(logKey);
  const statement = {
    receipt: 'receiptaaaaaaaaaaaaaaaaaaa',
    event: 'SubmissionAcceptance',
    eventId: '019aa4c5-0000-7000-8000-000000000000',
    issuedAt: now.toISOString(),
    case: manifest.case,
    attempt: 1,
    sender: manifest.sender,
    recipient: manifest.recipient,
    actorRole: 'clerk',
    assurance: 'organisationMember',
    contentDigest: entry.objectDigest,
    documents: manifest.documents.map(({ id, kind, form, sha256 }) => ({
      id,
      kind,
      form,
      sha256,
      ciphertextSha256: createHash('sha256').update(`ciphertext of ${id}`).digest('hex'),
    })),
    log: { origin, entry },
  };
  const anchorsOfList = [
    ...anchors.map((anchor) => ({ purpose: 'seal' as const, anchor })),
    ...timestampAnchors.map((anchor) => ({ purpose: 'time' as const, anchor })),
    { purpose: 'evidence' as const, anchor: anchorOf('evidence', evidence.root) },
  ];
  const list = {
    version: 'hikitsugi-trust/2' as const,
    serial: 1,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + 400 * 86_400_000),
    anchors: anchorsOfList,
    logKeys: [formatVerifierKey(logKey.key)],
  };
  const files: Record<string, string | Uint8Array | undefined> = {
    ...containers,
    'manifest.json': canonicalJson(manifest),
    'manifest.jws.json': JSON.stringify(sealed.manifest),
    'receipt.jws.json': JSON.stringify(await signEvidence(statement, gateway.signer)),
    'receipt.tlog-proof': proof,
    'trust.json': JSON.stringify(await signTrustList(list, gateway.signer)),
    'gateway.der': gateway.certificate,
    ...crlFiles('seal', seal.crls),
    ...crlFiles('time', time.crls),
    ...crlFiles('evidence', evidence.crls),
  };
  mkdirSync(packageFolder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(new URL(name, packageFolder), content ?? '');
}

function documentOf(id: string, bytes: Uint8Array) {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id, mediaType: 'application/json' as const, bytes: bytes.length, sha256 };
}

async function entriesOf(
  sealed: Parameters<typeof sealedManifestBytes>[0],
  visibility: Visibility,
): Promise<readonly AsicEntry[]> {
  const files = await containerFiles(manifest, sealed, visibility);
  return files.map((file) => {
    const content =
      file.document === null ? sealedManifestBytes(sealed) : file.document.kind === 'healthCard' ? card : record;
    return { ...file, size: file.bytes, bytes: once(content) };
  });
}

/** A log of three entries, RFC 9162 §2.1.1 by hand; the middle one is the receipt's. */
async function proveEntry(logKey: Awaited<ReturnType<typeof openLogKey>>) {
  const bodies = ['package.sealed', 'package.deposited', 'package.deposited'].map(bodyOf);
  const slice = randomBytes(16).toString('hex');
  const entries = bodies.map((body, at) =>
    new TextEncoder().encode(completeEntry(encodeBody(body), { boardSlice: slice, boardSeq: at + 1 })),
  );
  const [first, second, third] = entries.map(hashLeaf);
  const [entry, extra] = [bodies[1], entries[1]];
  if (!first || !second || !third || !entry || !extra) throw new Error('three entries');
  const checkpoint = { origin: logKey.key.name, size: 3n, root: hashNode(hashNode(first, second), third) };
  if (!formatCheckpoint(checkpoint).startsWith(origin)) throw new Error('another origin');
  const note = await signCheckpoint(checkpoint, logKey);
  return { entry, proof: formatProof({ index: 1n, hashes: [first, third], checkpoint: note, extra }) };
}

function bodyOf(event: string, at: number): EntryBody {
  return {
    v: 1,
    event,
    time: now.toISOString(),
    side: at === 2 ? 'recipient' : 'sender',
    orgRole: 'clerk',
    purpose: null,
    objectDigest: createHash('sha256').update('content').digest('hex'),
    token: randomBytes(16).toString('hex'),
    nonce: randomBytes(16).toString('hex'),
    commitment: randomBytes(32).toString('hex'),
  };
}

function crlFiles(name: string, [root, issuing]: readonly Uint8Array[]) {
  return { [`${name}-root.crl`]: root, [`${name}-issuing.crl`]: issuing };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}
