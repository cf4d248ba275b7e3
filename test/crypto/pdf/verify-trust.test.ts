import { beforeAll, describe, expect, it } from 'vitest';
import { buildSignedData } from '../../../src/crypto/cms/build.ts';
import { oids } from '../../../src/crypto/cms/oids.ts';
import { addDocumentTimestamp } from '../../../src/crypto/pdf/document-timestamp.ts';
import { signPdf } from '../../../src/crypto/pdf/sign-pdf.ts';
import { addValidationData } from '../../../src/crypto/pdf/validation-data.ts';
import { cryptoKeySigner } from '../../../src/crypto/signer.ts';
import { type TimestampService, timestampService } from '../../../src/crypto/timestamp.ts';
import { crlSource } from '../../../src/crypto/x509/crl.ts';
import { createTestAuthority, now, type TestLeaf, timeStampingUsage } from '../support/authorities.ts';
import { anchorOf, createTestWorld, stampingFetch, type TestWorld, testPolicy, valueOf } from '../support/trust.ts';
import { makeAuthority, makeLeaf, NOW, named, anchorOf as plainAnchor } from '../x509/make.ts';
import { makeOcsp } from '../x509/make-ocsp.ts';
import { makeContract, signAs } from './support/contract.ts';
import { makeDocument, signedPdf, validationDataOf } from './support/signed-pdf.ts';
import { linesOf, trustOf, verified } from './support/verified.ts';

const day = 24 * 3_600_000;
const after = (days: number) => new Date(now.getTime() + days * day);

let world: TestWorld;
beforeAll(async () => {
  world = await createTestWorld();
});

async function signedBy(leaf: TestLeaf, timestamps: TimestampService | null = world.timestamps): Promise<Uint8Array> {
  const document = await makeDocument();
  return valueOf(await signPdf(document, { signer: leaf.signer, timestamps, fieldName: 'Seal', at: now }));
}

/** Another server of the time authority, with a clock and a certificate of its own. */
async function stamperUntil(notAfter: Date, at: Date): Promise<TimestampService & { readonly leaf: TestLeaf }> {
  const usage = { extendedKeyUsage: timeStampingUsage };
  const leaf = await world.time.issue({ algorithm: 'ES256', name: '第二時刻', ...usage, notAfter });
  const service = timestampService([
    {
      url: 'http://tsa.invalid/',
      anchors: world.timestampAnchors,
      revocation: crlSource(world.time.crls, { now: after(365) }),
      policies: [testPolicy],
      timeoutMs: 1000,
      clock: { now: () => at },
      fetch: stampingFetch(leaf, at),
    },
  ]);
  return { ...service, leaf };
}

describe('the signer of a PDF', () => {
  it('who is revoked is told to be, by whoever knows it', async () => {
    const leaf = await world.seal.issue({ algorithm: 'ES256' });
    const file = await signedBy(leaf);
    const data = validationDataOf(world, leaf.signer.chain);
    const revoked = await world.seal.revoke([leaf.serial]);
    const line = (modified: string, end: string) => `Seal signature | valid | ${modified} | trusted | ${end}`;
    const good = valueOf(await addValidationData(file, data));
    const kept = 'revision | allowed validation-data';
    expect(linesOf(await verified(good, trustOf(world)))).toEqual([line(kept, 'good | proved | B-LT')]);
    const told = trustOf(world, { revocation: crlSource(revoked, { now }) });
    expect(linesOf(await verified(good, told))).toEqual([line(kept, 'revoked listed | proved | B-T')]);
    const bad = valueOf(await addValidationData(file, { ...data, crls: [...revoked, ...world.time.crls] }));
    expect(linesOf(await verified(bad, trustOf(world)))).toEqual([line(kept, 'revoked listed | proved | B-T')]);
  });

  it('who was revoked before the time stamp is none; who was revoked after it was one then', async () => {
    const leaf = await world.seal.issue({ algorithm: 'ES256' });
    const file = await signedBy(leaf);
    const judged = async (days: number) => {
      const lists = await world.seal.revoke([leaf.serial], after(days));
      const revocation = crlSource([...lists, ...world.time.crls], { now: after(30) });
      return linesOf(await verified(file, trustOf(world, { revocation, at: after(30) })));
    };
    expect(await judged(-1)).toEqual([
      'Seal signature | valid | file | none | trusted | revoked listed | proved | B-T',
    ]);
    expect(await judged(1)).toEqual(['Seal signature | valid | file | none | trusted | good | proved | B-T']);
  });

  it('whose certificate has ended counts as of the proved time, and without one not at all', async () => {
    const leaf = await world.seal.issue({ algorithm: 'ES256', notAfter: after(1) });
    const trust = trustOf(world, { revocation: world.revocation, at: after(30) });
    expect(linesOf(await verified(await signedBy(leaf), trust))).toEqual([
      'Seal signature | valid | file | none | trusted | good | proved | B-T',
    ]);
    expect(linesOf(await verified(await signedBy(leaf, null), trust))).toEqual([
      'Seal signature | valid | file | none | notTrusted expired | notChecked | absent | B-B',
    ]);
  });

  it('whom nobody knows, or who may sign no documents, is not trusted; the signature is valid all the same', async () => {
    const stranger = await createTestAuthority('別');
    const elsewhere = trustOf(world, { anchors: [anchorOf('other', stranger.root)] });
    expect(linesOf(await verified(await signedPdf(world, { level: 'B-LT' }), elsewhere))).toEqual([
      'Seal signature | valid | revision | allowed validation-data | notTrusted issuer-not-found | notChecked | proved | B-T',
    ]);
    const usage = { oids: ['1.3.6.1.5.5.7.3.2'], critical: false };
    const client = await world.seal.issue({ algorithm: 'ES256', extendedKeyUsage: usage });
    const trust = trustOf(world, { revocation: world.revocation });
    const [report] = (await verified(await signedBy(client), trust)).signatures;
    expect(report?.path).toEqual({ status: 'notTrusted', reasons: ['extended-key-usage'] });
  });
});

describe('the time of a signature', () => {
  it('is not proved by an authority that nobody knows', async () => {
    const trust = trustOf(world, { timestampAnchors: [], revocation: world.revocation });
    expect(linesOf(await verified(await signedPdf(world, { level: 'B-LTA' }), trust))).toEqual([
      'Seal signature | valid | revision | allowed validation-data document-timestamp | trusted | good | notChecked no-anchor | B-B',
      'Time document-timestamp | valid | file | none | notChecked no-anchor | notChecked | notChecked no-anchor | none',
    ]);
  });

  it('is no longer proved when the certificate of the time stamp has ended, unless it was stamped again before', async () => {
    const brief = await stamperUntil(after(30), now);
    const leaf = await world.seal.issue({ algorithm: 'ES256' });
    const data = validationDataOf(world, [...leaf.signer.chain, ...brief.leaf.signer.chain]);
    const kept = valueOf(await addValidationData(await signedBy(leaf, brief), data));
    const trust = trustOf(world, {
      revocation: crlSource([...world.seal.crls, ...world.time.crls], { now: after(60) }),
      at: after(60),
    });
    expect(linesOf(await verified(kept, trust))).toEqual([
      'Seal signature | valid | revision | allowed validation-data | trusted | good | notChecked timestamp-ended | B-B',
    ]);
    const timestamps = await stamperUntil(after(200), after(20));
    const renewed = valueOf(await addDocumentTimestamp(kept, { timestamps, fieldName: 'Time' }));
    expect(linesOf(await verified(renewed, trust))).toEqual([
      'Seal signature | valid | revision | allowed validation-data document-timestamp | trusted | good | proved | B-LTA',
      'Time document-timestamp | valid | file | none | trusted | good | proved | none',
    ]);
    const late = await stamperUntil(after(200), after(40));
    const tooLate = valueOf(await addDocumentTimestamp(kept, { timestamps: late, fieldName: 'Time' }));
    expect((await verified(tooLate, trust)).signatures[0]?.time).toMatchObject({
      status: 'notChecked',
      reasons: ['timestamp-ended'],
      judgedAt: after(40),
    });
  });

  it('may be proved by a document time stamp alone', async () => {
    const leaf = await world.seal.issue({ algorithm: 'ES256' });
    const data = validationDataOf(world, leaf.signer.chain);
    const kept = valueOf(await addValidationData(await signedBy(leaf, null), data));
    const { timestamps } = world;
    const stamped = valueOf(await addDocumentTimestamp(kept, { timestamps, fieldName: 'Time' }));
    const [seal] = (await verified(stamped, trustOf(world))).signatures;
    expect(seal).toMatchObject({ time: { by: 'document-timestamp', judgedAt: now }, level: { status: 'B-LTA' } });
  });

  it('cannot lie behind that of the time stamp on top of it, nor in the future', async () => {
    const earlier = await stamperUntil(after(200), after(-10));
    const signed = await signedPdf(world, { level: 'B-T' });
    const stamped = valueOf(await addDocumentTimestamp(signed, { timestamps: earlier, fieldName: 'Time' }));
    const trust = trustOf(world, { revocation: world.revocation });
    expect((await verified(stamped, trust)).signatures.map(({ time }) => time.reasons)).toEqual([['time-order'], []]);
    const [future] = (await verified(signed, { ...trust, at: after(-1) })).signatures;
    expect(future?.time).toMatchObject({ status: 'invalid', reasons: ['time-in-future'] });
  });
});

describe('an OCSP answer that a document keeps', () => {
  const serial = Uint8Array.of(0x42);
  const hours = (count: number) => new Date(NOW.getTime() + count * 3_600_000);
  const [before, later] = [hours(-1), hours(1)];

  it.each([
    ['of before the signature, still fresh then', { producedAt: before, thisUpdate: before }, 'good'],
    ['of after it, however old by now', { producedAt: later, thisUpdate: later, nextUpdate: null }, 'good'],
    [
      'that was stale when it was signed',
      { producedAt: before, thisUpdate: before, nextUpdate: before },
      'notChecked ocsp-stale',
    ],
    ['from the future', { producedAt: after(1), nextUpdate: null }, 'notChecked ocsp-not-yet-valid'],
    ['of a revocation before', { status: { revokedAt: before } }, 'revoked listed'],
    [
      'of a revocation after',
      { status: { revokedAt: later }, producedAt: later, thisUpdate: later, nextUpdate: null },
      'good',
    ],
    ['that does not know', { status: 'unknown' }, 'notChecked ocsp-unknown'],
    ['about another certificate', { serial: Uint8Array.of(0x43) }, 'notChecked ocsp-other-certificate'],
  ] as const)('%s', async (_name, recipe, expected) => {
    const [root, person] = [await named('Root'), await named('Person')];
    const leaf = await makeLeaf({ subject: person, issuer: root, serial });
    const anchor = plainAnchor(await makeAuthority({ subject: root, issuer: root }));
    const signer = cryptoKeySigner(person.key.privateKey, [leaf], 'ES256');
    const timestamps = await stamperUntil(after(200), NOW);
    const options = { signer, timestamps, fieldName: 'Seal', at: NOW };
    const signed = valueOf(await signPdf(await makeDocument(), options));
    const ocsp = await makeOcsp({ issuer: root, serial, ...recipe });
    const kept = valueOf(await addValidationData(signed, { certificates: [], crls: [], ocsps: [ocsp] }));
    const revocation = crlSource(world.time.crls, { now });
    const trust = trustOf(world, { anchors: [anchor], revocation });
    const [report] = (await verified(kept, trust)).signatures;
    expect([report?.revocation.status, ...(report?.revocation.reasons ?? [])].join(' ')).toBe(expected);
  });
});

describe('the CMS of a signature', () => {
  const cmsWith = async (content: 'inside' | 'beside', digest: Uint8Array) => {
    const { signer } = await world.seal.issue({ algorithm: 'ES256' });
    return buildSignedData({
      contentType: oids.data,
      content: content === 'inside' ? new Uint8Array(100) : null,
      messageDigest: digest,
      signer,
      certificates: signer.chain,
      stamp: () => Promise.resolve(null),
    });
  };
  it.each([
    ['content inside', (digest: Uint8Array) => cmsWith('inside', digest), ['content-inside']],
    ['the hash of something else', () => cmsWith('beside', new Uint8Array(32)), ['digest-mismatch']],
    [
      'no signature but a time stamp',
      async (_: Uint8Array, signed: Uint8Array) => valueOf(await world.timestamps.stamp(signed)),
      ['content-inside'],
    ],
    ['something else altogether', () => Promise.resolve(Uint8Array.of(0x30, 0)), ['malformed']],
    ['nothing wrong', (digest: Uint8Array) => cmsWith('beside', digest), []],
  ] as const)('with %s is judged by itself', async (_name, cms, reasons) => {
    const [report] = (await verified(await signAs(world, makeContract(), { cms }), trustOf(world))).signatures;
    expect(report?.integrity.reasons).toEqual(reasons);
  });

  it('cannot stand in for a document time stamp', async () => {
    const head = '/Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161';
    const [report] = (await verified(await signAs(world, makeContract(), { head }), trustOf(world))).signatures;
    expect(report?.integrity.reasons).toEqual(['subfilter-not-allowed']);
  });
});
