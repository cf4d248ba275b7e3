import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CrlOptions, crlSource, parseCrl } from '../../../src/crypto/x509/crl.ts';
import type { PathInput } from '../../../src/crypto/x509/path.ts';
import { hex, integer, sequence, time, tlv, utf8 } from './der-writer.ts';
import {
  dn,
  ID,
  keyUsage,
  makeAuthority,
  makeKey,
  NOW,
  type Recipe,
  type TestExtension,
  type TestName,
} from './make.ts';
import { CRL, type CrlRecipe, makeCrl } from './make-crl.ts';
import { codes, type TestWorld, testWorld } from './test-world.ts';

const SERIAL = hex('0101');
const listed = { serial: SERIAL };
const scope = (...parts: readonly Uint8Array[]): TestExtension => ({
  oid: CRL.scope,
  critical: true,
  value: sequence(...parts),
});
const pointName = (name: string) => tlv(0xa0, tlv(0xa0, tlv(0xa4, dn(name))));
const pointsAt = (name: string): Partial<Recipe> => ({
  twice: [{ oid: ID.distributionPoints, value: sequence(sequence(pointName(name))) }],
});

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});

interface Attempt {
  readonly leaf?: Partial<Recipe>;
  readonly options?: CrlOptions;
  readonly pool?: readonly Uint8Array[];
  readonly input?: Partial<PathInput>;
}

/** The answer for a leaf under lists of its issuer; the list of the root is always good. */
async function ask(lists: readonly Partial<CrlRecipe>[], attempt: Attempt = {}) {
  const crls = await Promise.all(lists.map((list) => makeCrl({ issuer: world.middle, ...list })));
  const rootList = await makeCrl({ issuer: world.root, nextUpdate: new Date('2027-01-01T00:00:00Z') });
  const leaf = await world.leaf({ serial: SERIAL, ...attempt.leaf });
  const revocation = crlSource([rootList, ...crls], attempt.options);
  const verdict = await world.verify(leaf, [await world.intermediate(), ...(attempt.pool ?? [])], {
    revocation,
    ...attempt.input,
  });
  return [verdict.revocation, ...verdict.reasons.map(({ code, detail }) => `${code}: ${detail ?? ''}`)];
}

const unknown = (detail: string) => ['notChecked', `revocation-unknown: ${detail}`];
const REVOKED = ['revoked', 'revoked: listed'];

describe('crlSource', () => {
  it('says good by a whole, fresh, authentic list and revoked by an entry', async () => {
    expect(await ask([{}])).toEqual(['good']);
    expect(await ask([{ revoked: [{ serial: hex('0102') }] }])).toEqual(['good']);
    expect(await ask([{ revoked: [listed] }])).toEqual(REVOKED);
    expect(await ask([])).toEqual(unknown('crl-missing'));
  });

  it.each([
    ['is stale', { nextUpdate: new Date('2026-06-15T11:59:59Z') }, 'crl-expired'],
    ['is of tomorrow', { thisUpdate: new Date('2026-06-15T12:00:01Z') }, 'crl-not-yet-valid'],
    ['promises no next one', { nextUpdate: null }, 'crl-next-update-missing'],
    ['has no number', { without: [CRL.number] }, 'crl-number'],
    ['has a critical number', { extensions: [{ oid: CRL.number, critical: true, value: integer(7) }] }, 'crl-number'],
    [
      'has an unknown critical extension',
      { extensions: [{ oid: '1.2.3', critical: true, value: hex('0500') }] },
      'crl-unknown-critical-extension',
    ],
    [
      'has an unknown critical extension in any entry',
      {
        revoked: [
          {
            serial: hex('05'),
            extensions: [{ oid: '2.5.29.29', critical: true, value: sequence(tlv(0xa4, dn('X'))) }],
          },
        ],
      },
      'crl-unknown-critical-extension',
    ],
    ['is a delta', { extensions: [{ oid: CRL.delta, critical: true, value: integer(1) }] }, 'crl-delta'],
    ['has deltas', { extensions: [{ oid: '2.5.29.46', value: sequence(sequence(pointName('D'))) }] }, 'crl-delta'],
    ['is indirect', { extensions: [scope(hex('8401ff'))] }, 'crl-scope'],
    ['is for authorities', { extensions: [scope(hex('8201ff'))] }, 'crl-scope'],
    ['is for attribute certificates', { extensions: [scope(hex('8501ff'))] }, 'crl-scope'],
    ['is for some reasons', { extensions: [scope(hex('83020640'))] }, 'crl-scope'],
    ['is for another distribution point', { extensions: [scope(pointName('Other'))] }, 'crl-scope'],
  ] satisfies [string, Partial<CrlRecipe>, string][])(
    'does not say good by a list that %s',
    async (_what, list, detail) => {
      expect(await ask([list])).toEqual(unknown(detail));
      // A whole list beside it still counts.
      expect(await ask([list, {}])).toEqual(['good']);
    },
  );

  it('finds a distribution point that is a directory name, as JPKI writes it', async () => {
    const list = { extensions: [scope(pointName('jpki  CRL'), hex('8101ff'))] };
    expect(await ask([list], { leaf: pointsAt('JPKI CRL') })).toEqual(['good']);
    expect(await ask([{ ...list, revoked: [listed] }], { leaf: pointsAt('JPKI CRL') })).toEqual(REVOKED);
    expect(await ask([list], { leaf: pointsAt('Other') })).toEqual(unknown('crl-scope'));
    expect(await ask([list])).toEqual(unknown('crl-scope'));
  });

  it('does not take a point of an indirect list, or a point for some reasons, for the whole', async () => {
    const list = { extensions: [scope(pointName('Point'))] };
    const point = (...more: readonly Uint8Array[]): Partial<Recipe> => ({
      twice: [{ oid: ID.distributionPoints, value: sequence(sequence(pointName('Point'), ...more)) }],
    });
    expect(await ask([list], { leaf: point() })).toEqual(['good']);
    expect(await ask([list], { leaf: point(tlv(0xa2, tlv(0xa4, dn('Middle')))) })).toEqual(unknown('crl-scope'));
    expect(await ask([list], { leaf: point(hex('81020640')) })).toEqual(unknown('crl-scope'));
    expect(await ask([{ ...list, revoked: [listed] }], { leaf: point(hex('81020640')) })).toEqual(REVOKED);
  });

  it('does not say good of a certificate that has a freshest list', async () => {
    const leaf = { twice: [{ oid: '2.5.29.46', value: sequence(sequence(pointName('D'))) }] };
    expect(await ask([{}], { leaf })).toEqual(unknown('crl-delta'));
    expect(await ask([{ revoked: [listed] }], { leaf })).toEqual(REVOKED);
  });

  it('adds lists for some reasons up, and any revoked wins', async () => {
    const [some, rest] = [scope(hex('83020640')), scope(hex('8303 07bf80'))];
    expect(await ask([{ extensions: [some] }, { extensions: [rest] }])).toEqual(['good']);
    expect(await ask([{ extensions: [some], revoked: [listed] }])).toEqual(REVOKED);
    expect(await ask([{}, { revoked: [listed] }])).toEqual(REVOKED);
  });

  it('lets a revocation count from its date, and a lost key from the day it was lost', async () => {
    const at = new Date('2026-06-15T13:00:00Z');
    expect(await ask([{ revoked: [{ ...listed, at }] }])).toEqual(['good']);
    const lost = [
      { oid: CRL.reason, value: hex('0a0101') },
      { oid: CRL.invalidity, value: tlv(0x18, utf8('20260301000000Z').subarray(2)) },
    ];
    expect(await ask([{ revoked: [{ ...listed, at, extensions: lost }] }])).toEqual(REVOKED);
  });

  it('judges the past by a later list only when told the time of the verification', async () => {
    const later = { thisUpdate: new Date('2026-07-01T00:00:00Z'), nextUpdate: new Date('2026-07-02T00:00:00Z') };
    const options = { now: new Date('2026-08-01T00:00:00Z') };
    expect(await ask([later])).toEqual(unknown('crl-not-yet-valid'));
    expect(await ask([later], { options })).toEqual(['good']);
    expect(
      await ask([{ ...later, revoked: [{ ...listed, at: new Date('2026-06-20T00:00:00Z') }] }], { options }),
    ).toEqual(['good']);
    expect(await ask([{ ...later, revoked: [listed] }], { options })).toEqual(REVOKED);
    // A list from after the end of the certificate has forgotten it.
    const leaf = { notAfter: new Date('2026-06-30T00:00:00Z') };
    expect(await ask([later], { options, leaf })).toEqual(unknown('crl-not-yet-valid'));
  });

  it('does not believe a list signed by somebody else, by a key without cRLSign, or with another algorithm', async () => {
    expect(await ask([{ key: await makeKey() }])).toEqual(unknown('crl-signature'));
    const crls = [await makeCrl({ issuer: world.middle }), await makeCrl({ issuer: world.root })];
    const noLists = await world.intermediate({ extensions: [keyUsage('certificatesOnly')] });
    const verdict = await world.verify(await world.leaf(), [noLists], { revocation: crlSource(crls) });
    expect(verdict.reasons).toEqual([{ code: 'revocation-unknown', certificate: 0, detail: 'crl-signature' }]);
  });

  it('remembers which lists are authentic', async () => {
    const revocation = crlSource([await makeCrl({ issuer: world.middle }), await makeCrl({ issuer: world.root })]);
    const chain = [await world.leaf(), [await world.intermediate()]] as const;
    expect(codes(await world.verify(...chain, { revocation, limits: { maxSignatures: 3 } }))).toEqual([
      'limit-signatures',
    ]);
    expect((await world.verify(...chain, { revocation })).valid).toBe(true);
    // Two are left: the signatures of the certificates.
    expect((await world.verify(...chain, { revocation, limits: { maxSignatures: 2 } })).valid).toBe(true);
  });
});

describe('a separate key for lists', () => {
  let listSigner: TestName;
  beforeAll(async () => {
    listSigner = { name: 'Middle', key: await makeKey() };
  });
  const signer = (changes: Partial<Recipe> = {}) =>
    makeAuthority({
      subject: listSigner,
      issuer: world.root,
      serial: hex('0777'),
      without: [ID.basicConstraints],
      extensions: [keyUsage('listsOnly')],
      ...changes,
    });
  const lists = (revoked: CrlRecipe['revoked'] = []) => [
    { issuer: listSigner, ...(revoked.length === 0 ? {} : { revoked }) },
  ];

  it('counts when its own certificate has a good path to the same anchor', async () => {
    expect(await ask(lists(), { pool: [await signer()] })).toEqual(['good']);
    expect(await ask(lists([listed]), { pool: [await signer()] })).toEqual(REVOKED);
  });

  it('does not count when that certificate is missing, expired, self-made or revoked', async () => {
    expect(await ask(lists())).toEqual(unknown('crl-signature'));
    const expired = await signer({ notAfter: new Date('2026-06-01T00:00:00Z') });
    expect(await ask(lists(), { pool: [expired] })).toEqual(unknown('crl-signature'));
    const selfMade = await signer({ issuer: { name: 'Root', key: await makeKey() } });
    expect(await ask(lists(), { pool: [selfMade] })).toEqual(unknown('crl-signature'));
    const rootList = await makeCrl({ issuer: world.root, revoked: [{ serial: hex('0777') }] });
    const revocation = crlSource([rootList, await makeCrl({ issuer: listSigner })]);
    const verdict = await world.verify(await world.leaf(), [await world.intermediate(), await signer()], {
      revocation,
    });
    expect(codes(verdict)).toEqual(['revocation-unknown']);
  });

  it('needs a known status of its own, also when unknown is only reported', async () => {
    const revocation = crlSource([await makeCrl({ issuer: listSigner, revoked: [listed] })]);
    const chain = [await world.leaf({ serial: SERIAL }), [await world.intermediate(), await signer()]] as const;
    const verdict = await world.verify(...chain, { revocation, whenNotChecked: 'report' });
    expect(verdict).toMatchObject({ valid: true, revocation: 'notChecked' });
  });

  it('cannot vouch for itself', async () => {
    // Under the authority itself, so that its own status would have to come from the list that it signs.
    const circular = await signer({ issuer: world.middle });
    expect(await ask(lists(), { pool: [circular] })).toEqual(unknown('crl-signature'));
  });
});

describe('parseCrl', () => {
  it('refuses version 1, the same extension twice and too many bytes', async () => {
    const good = await makeCrl({ issuer: world.middle });
    expect(parseCrl(good)).toMatchObject({
      ok: true,
      value: { isDelta: false, number: { critical: false, value: '07' } },
    });
    expect(parseCrl(good, 10)).toEqual({ ok: false, fault: 'der.too-large' });
    const twice = [1, 2].map((value) => ({ oid: CRL.number, value: integer(value) }));
    expect(parseCrl(await makeCrl({ issuer: world.middle, extensions: twice }))).toEqual({
      ok: false,
      fault: 'crl.extension-duplicate',
    });
    const noVersion = sequence(
      sequence(hex('300a06082a8648ce3d040302'), dn('x'), time(NOW)),
      hex('300a06082a8648ce3d040302'),
      hex('030100'),
    );
    expect(parseCrl(noVersion)).toEqual({ ok: false, fault: 'crl.version' });
  });

  it('never throws on any bytes', async () => {
    const good = await makeCrl({ issuer: world.middle, revoked: [listed], extensions: [scope(pointName('a'))] });
    const change = fc.record({ at: fc.nat(good.length - 1), to: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = good.slice();
        for (const { at, to } of changes) bytes[at] = to;
        const result = parseCrl(bytes);
        if (!result.ok) expect(result.fault).toMatch(/^(der|crl|certificate)\./);
      }),
      { numRuns: 3_000 },
    );
  });
});
