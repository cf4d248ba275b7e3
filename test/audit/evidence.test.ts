import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppendedEvent } from '../../src/audit/append.ts';
import { type EvidenceStatement, signEvidence, verifyEvidence, verifyEvidenceProof } from '../../src/audit/evidence.ts';
import { openLogKey } from '../../src/audit/log-key.ts';
import { openLogServices } from '../../src/audit/log-services.ts';
import { sealJws } from '../../src/crypto/sealed-jws.ts';
import { parseX509Certificate } from '../../src/crypto/x509/certificate.ts';
import { crlSource } from '../../src/crypto/x509/crl.ts';
import type { TrustAnchor } from '../../src/crypto/x509/path.ts';
import { createTestAuthority, now, type TestAuthority, type TestLeaf } from '../crypto/support/authorities.ts';
import { anEvent, append, appendMany, openTestLog, playLog, schoolA, type TestLog } from './test-log.ts';

let log: TestLog;
let authority: TestAuthority;
let gateway: TestLeaf;
let appended: AppendedEvent;
let proof: string;
let otherProof: string;

beforeAll(async () => {
  log = await openTestLog();
  authority = await createTestAuthority();
  gateway = await authority.issue({ algorithm: 'ES256', name: 'Hikitsugi evidence' });
  const [first, second] = await append(log, [anEvent(), anEvent()]);
  if (first === undefined || second === undefined) throw new Error('nothing was appended');
  appended = first;
  await appendMany(log, 300);
  await playLog(log);
  const services = openLogServices({ ...log, base: 'hikitsugi.example/log', openDetail: () => null });
  const scope = { actor: 'staff:1', school: schoolA };
  proof = (await services.findProof(scope, first.eventId)) ?? '';
  otherProof = (await services.findProof(scope, second.eventId)) ?? '';
});
afterAll(() => log.close());

describe('a receipt', () => {
  it('is signed at once and verifies offline', async () => {
    const verdict = await verify(await signEvidence(statement(), gateway.signer));
    expect(verdict.seal).toMatchObject({ signature: 'valid', reasons: [], issuer: { status: 'trusted' } });
    expect(verdict.statement).toEqual(statement());
  });

  it('is refused when one bit of its payload, its header or its signature is another', async () => {
    const jws = await signEvidence(statement(), gateway.signer);
    for (const part of ['payload', 'protected', 'signature'] as const) {
      const at = Math.floor(jws[part].length / 2);
      const other = jws[part][at] === 'A' ? 'B' : 'A';
      const spoilt = { ...jws, [part]: jws[part].slice(0, at) + other + jws[part].slice(at + 1) };
      expect((await verify(spoilt)).seal.signature).toBe('invalid');
    }
  });

  it('by a revoked key is told apart from a forged one', async () => {
    const crls = await authority.revoke([gateway.serial]);
    const jws = await signEvidence(statement(), gateway.signer);
    const { seal } = await verify(jws, crls);
    expect(seal).toMatchObject({ signature: 'valid', reasons: ['issuer-revoked'] });
  });

  it.each([
    ['a seal of another kind', 'hikitsugi-manifest+jws', 'invalid'],
    ['JSON that is no statement', 'hikitsugi-evidence+jws', 'valid'],
  ])('is not %s', async (_, typ, signature) => {
    const payload = new TextEncoder().encode('{"event":"SubmissionAcceptance"}');
    const sealed = await sealJws({ payload, typ, signer: gateway.signer, timestamps: null, iat: now });
    if (!sealed.ok) throw new Error('not sealed');
    const verdict = await verify(sealed.value);
    expect(verdict.seal.signature).toBe(signature);
    expect(verdict.statement).toBeNull();
  });
});

describe('the proof of a receipt', () => {
  it('shows that the entry of the receipt is in the log', async () => {
    const place = await verifyEvidenceProof(statement(), proof, log.signer.key);
    expect(place).toMatchObject({ ok: true, value: { index: 0n, checkpoint: { size: 302n } } });
    expect(place.ok && place.value.entry).toMatchObject({ ...appended.body, boardSeq: 1 });
  });

  it('is refused for another receipt, without its entry, and by another log', async () => {
    const refusalOf = async (text: string, key = log.signer.key) => {
      const place = await verifyEvidenceProof(statement(), text, key);
      return place.ok ? null : place.fault;
    };
    expect(await refusalOf(otherProof)).toBe('proof.other-entry');
    expect(await refusalOf(proof.replace(/extra .*\n/, ''))).toBe('proof.no-entry');
    const elsewhere = await openLogKey('elsewhere.example/log/2026', log.seed);
    expect(await refusalOf(proof, elsewhere.key)).toBe('proof.other-log');
    const stranger = await openLogKey(log.log.origin, new Uint8Array(32));
    expect(await refusalOf(proof, stranger.key)).toBe('note.unknown-key');
  });

  it('cannot be mended by a forged extra line: the entry has to hash to its leaf', async () => {
    const extra = /extra (.*)\n/.exec(proof)?.[1] ?? '';
    const entry = Buffer.from(extra, 'base64').toString().replace('"boardSeq":1,', '"boardSeq":2,');
    const forged = proof.replace(extra, Buffer.from(entry).toString('base64'));
    expect(await verifyEvidenceProof(statement(), forged, log.signer.key)).toMatchObject({
      fault: 'proof.not-included',
    });
  });
});

function statement(): EvidenceStatement {
  return {
    event: 'SubmissionAcceptance',
    eventId: appended.eventId,
    issuedAt: now.toISOString(),
    case: 'case-1',
    documents: [{ id: 'd1', sha256: 'a'.repeat(64) }],
    log: { origin: 'hikitsugi.example/log', entry: { ...appended.body } },
  };
}

async function verify(jws: unknown, crls: readonly Uint8Array[] = authority.crls) {
  return verifyEvidence({
    jws,
    anchors: [anchor()],
    timestampAnchors: [],
    revocation: crlSource(crls),
    at: now,
  });
}

function anchor(): TrustAnchor {
  const certificate = parseX509Certificate(authority.root);
  if (!certificate.ok) throw new Error('the root does not parse');
  return { name: 'test', certificate: certificate.value, algorithms: ['ecdsa-p256-sha256'] };
}
