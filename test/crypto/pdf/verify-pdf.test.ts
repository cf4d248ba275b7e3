import { beforeAll, describe, expect, it } from 'vitest';
import { addDocumentTimestamp } from '../../../src/crypto/pdf/document-timestamp.ts';
import { signPdf } from '../../../src/crypto/pdf/sign-pdf.ts';
import { addValidationData } from '../../../src/crypto/pdf/validation-data.ts';
import { now } from '../support/authorities.ts';
import { createTestWorld, type TestWorld, valueOf } from '../support/trust.ts';
import { makeDocument, signedPdf } from './support/signed-pdf.ts';
import { linesOf, trustOf, verified } from './support/verified.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await createTestWorld();
});

const rest = {
  'B-B': 'file | none | trusted | notChecked no-source | absent | B-B',
  'B-T': 'file | none | trusted | notChecked no-source | notChecked signer-notChecked | B-B',
  'B-LT': 'revision | allowed validation-data | trusted | good | proved | B-LT',
  'B-LTA': 'revision | allowed validation-data document-timestamp | trusted | good | proved | B-LTA',
} as const;
const stampLine = 'Time document-timestamp | valid | file | none | trusted | good | proved | none';

describe('a PDF that was signed', () => {
  it.each(['B-B', 'B-T', 'B-LT', 'B-LTA'] as const)(
    'as %s says by itself as much as its level promises',
    async (level) => {
      const report = await verified(await signedPdf(world, { level }), trustOf(world));
      expect(linesOf(report)).toEqual([
        `Seal signature | valid | ${rest[level]}`,
        ...(level === 'B-LTA' ? [stampLine] : []),
      ]);
    },
  );

  it.each([
    ['B-B', 'B-B'],
    ['B-T', 'B-T'],
    ['B-LT', 'B-LT'],
  ] as const)('as %s is %s for a verifier who has revocation lists of his own', async (level, reached) => {
    const { revocation } = world;
    const report = await verified(await signedPdf(world, { level }), trustOf(world, { revocation }));
    expect(report.signatures.map((one) => [one.path.status, one.revocation.status, one.level.status])).toEqual([
      ['trusted', 'good', reached],
    ]);
  });

  it.each(['RS256', 'PS256', 'ES256', 'ES384'] as const)('with %s is verified', async (algorithm) => {
    const report = await verified(await signedPdf(world, { level: 'B-LTA', algorithm }), trustOf(world));
    expect(linesOf(report)).toEqual([`Seal signature | valid | ${rest['B-LTA']}`, stampLine]);
  });

  it.each(['table', 'stream'] as const)(
    'with cross-references as %s, certified and visible, is verified',
    async (form) => {
      const box = { page: 1, rectangle: [20, 20, 120, 60] } as const;
      const options = { box, certification: { permissions: 1 } } as const;
      const document = await makeDocument(form);
      const report = await verified(await signedPdf(world, { level: 'B-LTA', document, options }), trustOf(world));
      expect(linesOf(report)).toEqual([`Seal signature | valid | ${rest['B-LTA']}`, stampLine]);
    },
  );

  it('names its signer, the proved time and the time that is only claimed', async () => {
    const [seal] = (await verified(await signedPdf(world, { level: 'B-LTA' }), trustOf(world))).signatures;
    expect(seal?.signer?.name).toContain('桜台中学校 公印');
    expect(seal?.time).toMatchObject({ by: 'signature-timestamp', judgedAt: now, claimed: "D:20261121120000+09'00'" });
  });

  it('twice, with a time stamp on top and validation data under it, keeps every signature', async () => {
    const first = await signedPdf(world, { level: 'B-T' });
    const { signer } = await world.seal.issue({ algorithm: 'ES256', name: '第二署名者' });
    const { timestamps } = world;
    const second = valueOf(await signPdf(first, { signer, timestamps, fieldName: 'Second', at: now }));
    const chain = [...signer.chain, ...world.stamper.signer.chain];
    const crls = [...world.seal.crls, ...world.time.crls];
    const kept = valueOf(await addValidationData(second, { certificates: chain, crls, ocsps: [] }));
    const stamped = valueOf(await addDocumentTimestamp(kept, { timestamps, fieldName: 'Time' }));
    const again = valueOf(await addDocumentTimestamp(stamped, { timestamps, fieldName: 'Later' }));
    const later = 'allowed validation-data document-timestamp | trusted | good | proved | B-LTA';
    expect(linesOf(await verified(again, trustOf(world)))).toEqual([
      `Seal signature | valid | revision | ${later.replace('allowed', 'allowed signature')}`,
      `Second signature | valid | revision | ${later}`,
      stampLine.replace('file | none', 'revision | allowed document-timestamp'),
      stampLine.replace('Time', 'Later'),
    ]);
  });

  it('is read, and has no signature, when nobody signed it', async () => {
    const report = await verified(await makeDocument(), trustOf(world));
    expect(report).toEqual({ document: { status: 'read', reasons: [] }, revisions: 1, signatures: [] });
  });
});
