import { beforeAll, describe, expect, it } from 'vitest';
import { crlSource } from '../../../src/crypto/x509/crl.ts';
import { checkOcspResponse, type OcspExpectation } from '../../../src/crypto/x509/ocsp.ts';
import { ocspSource } from '../../../src/crypto/x509/ocsp-source.ts';
import type { PathInput } from '../../../src/crypto/x509/path.ts';
import { combineSources, type RevocationSource } from '../../../src/crypto/x509/revocation.ts';
import { hex, oid, sequence } from './der-writer.ts';
import { ID, keyUsage, makeAuthority, makeKey, makeLeaf, NOW, named, type Recipe, type TestName } from './make.ts';
import { makeCrl } from './make-crl.ts';
import { byKey, byName, makeOcsp, makeSingle, OCSP, type OcspRecipe, successful, withAlgorithm } from './make-ocsp.ts';
import { type TestWorld, testWorld } from './test-world.ts';

const SERIAL = hex('0101');
const DAY = 86_400_000;
const NONCE = new Uint8Array(32).fill(7);

let world: TestWorld;
/** A responder that the issuer of the leaf delegated to. */
let responder: TestName;
beforeAll(async () => {
  world = await testWorld();
  responder = await named('Responder');
});

interface Attempt {
  readonly expected?: Partial<OcspExpectation>;
  readonly leaf?: Partial<Recipe>;
  readonly beside?: readonly RevocationSource[];
  readonly input?: Partial<PathInput>;
}

/** The verdict on a leaf when this is what its responder said; the intermediate is good whatever is said of the leaf. */
async function judge(der: Uint8Array, attempt: Attempt = {}) {
  const isLeaf = ({ subject }: { subject: { keys: readonly string[] } }) => subject.keys.join().includes('person');
  const ocsp: RevocationSource = {
    check: async (question) =>
      isLeaf(question.certificate)
        ? checkOcspResponse(der, question, { nonce: null, now: attempt.input?.at ?? NOW, ...attempt.expected })
        : { status: question.certificate.subject.keys.join().includes('middle') ? 'good' : 'notChecked' },
  };
  const revocation = combineSources([ocsp, ...(attempt.beside ?? [])]);
  const leaf = await world.leaf({ serial: SERIAL, ...attempt.leaf });
  const verdict = await world.verify(leaf, [await world.intermediate()], { revocation, ...attempt.input });
  return [verdict.revocation, ...verdict.reasons.map(({ code, detail }) => `${code}: ${detail ?? ''}`)];
}

async function ask(changes: Partial<OcspRecipe> = {}, attempt: Attempt = {}) {
  return judge(await makeOcsp({ issuer: world.middle, serial: SERIAL, ...changes }), attempt);
}

async function delegate(changes: Partial<Recipe> = {}): Promise<Uint8Array> {
  const purpose = { oid: ID.extendedKeyUsage, value: sequence(oid(OCSP.signing)) };
  return makeLeaf({
    subject: responder,
    issuer: world.middle,
    twice: [{ oid: OCSP.noCheck, value: hex('0500') }],
    ...changes,
    extensions: changes.extensions?.some(({ oid: id }) => id === ID.extendedKeyUsage)
      ? changes.extensions
      : [purpose, ...(changes.extensions ?? [])],
  });
}

/** An answer that the delegate signed, under the certificate that is given. */
async function askDelegate(certificate: Uint8Array, changes: Partial<OcspRecipe> = {}, attempt: Attempt = {}) {
  const recipe = { signer: responder.key, responder: byName('Responder'), certificates: [certificate], ...changes };
  return ask(recipe, attempt);
}

const unknown = (detail: string) => ['notChecked', `revocation-unknown: ${detail}`];
const REVOKED = ['revoked', 'revoked: listed'];

describe('checkOcspResponse', () => {
  it('says good, revoked and not checked by the word of the issuer itself', async () => {
    expect(await ask()).toEqual(['good']);
    expect(await ask({ hash: 'sha1' })).toEqual(['good']);
    expect(await ask({ responder: byKey(world.middle.key) })).toEqual(['good']);
    expect(await ask({ status: { revokedAt: new Date('2026-06-01T00:00:00Z'), reason: 4 } })).toEqual(REVOKED);
  });

  it('takes "unknown" for no answer, never for good', async () => {
    expect(await ask({ status: 'unknown' })).toEqual(unknown('ocsp-unknown'));
    const list = await makeCrl({ issuer: world.middle });
    expect(await ask({ status: 'unknown' }, { beside: [crlSource([list])] })).toEqual(unknown('ocsp-unknown'));
  });

  it('believes a responder that the issuer delegated to, and says why it does not believe others', async () => {
    expect(await askDelegate(await delegate())).toEqual(['good']);
    expect(await askDelegate(await delegate(), { responder: byKey(responder.key) })).toEqual(['good']);
    expect(await askDelegate(await delegate(), { responder: byName('Somebody') })).toEqual(unknown('ocsp-responder'));
    expect(await askDelegate(await delegate(), { signer: await makeKey() })).toEqual(unknown('ocsp-signature'));
    expect(await askDelegate(await delegate(), { certificates: [] })).toEqual(unknown('ocsp-responder'));
  });

  it.each([
    ['without OCSPSigning', { extensions: [{ oid: ID.extendedKeyUsage, value: sequence(oid('1.3.6.1.5.5.7.3.2')) }] }],
    ['with anyExtendedKeyUsage', { extensions: [{ oid: ID.extendedKeyUsage, value: sequence(oid('2.5.29.37.0')) }] }],
    ['that is an authority', { extensions: [{ oid: ID.basicConstraints, critical: true, value: hex('30030101ff') }] }],
    ['whose key may sign lists alone', { extensions: [keyUsage('listsOnly')] }],
    ['that had ended', { notAfter: new Date('2026-06-15T11:54:59Z') }],
    ['that had not begun', { notBefore: new Date('2026-06-15T11:55:01Z') }],
    ['with an unknown critical extension', { extensions: [{ oid: '1.2.3', critical: true, value: hex('0500') }] }],
    ['without key identifier of its issuer', { without: [ID.authorityKey] }],
  ] satisfies [string, Partial<Recipe>][])(
    'does not believe a responder %s',
    async (_what, changes: Partial<Recipe>) => {
      expect(await askDelegate(await delegate(changes))).toEqual(unknown('ocsp-responder'));
    },
  );

  it('does not believe a delegate of the root, of a namesake, or of a delegate, for what the intermediate issued', async () => {
    expect(await askDelegate(await delegate({ issuer: world.root }))).toEqual(unknown('ocsp-responder'));
    const namesake = { name: 'Middle', key: await makeKey() };
    expect(await askDelegate(await delegate({ issuer: namesake }))).toEqual(unknown('ocsp-responder'));
    const renamed = { name: 'Elsewhere', key: world.middle.key };
    expect(await askDelegate(await delegate({ issuer: renamed }))).toEqual(unknown('ocsp-responder'));
    const second = await named('Second');
    const chain = [await delegate(), await delegate({ subject: second, issuer: responder })];
    const recipe = { signer: second.key, responder: byName('Second'), certificates: chain };
    expect(await ask(recipe)).toEqual(unknown('ocsp-responder'));
  });

  it('wants the status of a responder that has no nocheck, and takes it from a list', async () => {
    const plain = await delegate({ twice: [], serial: hex('0202') });
    expect(await askDelegate(plain)).toEqual(unknown('ocsp-responder'));
    const clean = await makeCrl({ issuer: world.middle });
    expect(await askDelegate(plain, {}, { beside: [crlSource([clean])] })).toEqual(['good']);
    const listed = await makeCrl({ issuer: world.middle, revoked: [{ serial: hex('0202') }] });
    // The list itself says that the leaf is good; the responder adds nothing to that, and takes nothing away.
    expect(await askDelegate(plain, {}, { beside: [crlSource([listed])] })).toEqual(['good']);
    const revokedAt = new Date('2026-06-01T00:00:00Z');
    const lying = { status: { revokedAt } };
    expect(await askDelegate(plain, lying, { beside: [crlSource([clean])] })).toEqual(REVOKED);
    expect(await askDelegate(plain, lying, { beside: [crlSource([listed])] })).toEqual(['good']);
  });

  it('lets no responder vouch for itself', async () => {
    const plain = await delegate({ twice: [], serial: hex('0202') });
    const recipe = {
      issuer: world.middle,
      signer: responder.key,
      responder: byName('Responder'),
      certificates: [plain],
    };
    const answers = {
      '0101': await makeOcsp({ ...recipe, serial: SERIAL }),
      '0202': await makeOcsp({ ...recipe, serial: hex('0202') }),
    };
    const isAsked = (serial: string): serial is keyof typeof answers => serial in answers;
    const revocation: RevocationSource = {
      check: async (question) =>
        isAsked(question.certificate.serial)
          ? checkOcspResponse(answers[question.certificate.serial], question, { nonce: null, now: NOW })
          : { status: 'good' },
    };
    const verdict = await world.verify(await world.leaf({ serial: SERIAL }), [await world.intermediate()], {
      revocation,
    });
    expect(verdict.reasons).toEqual([{ code: 'revocation-unknown', certificate: 0, detail: 'ocsp-responder' }]);
  });

  it('A-09 does not believe a "good" signed by a self-made key', async () => {
    const self = await named('Middle');
    expect(await ask({ signer: self.key })).toEqual(unknown('ocsp-signature'));
    const own = await makeAuthority({ subject: self, issuer: self });
    expect(await ask({ signer: self.key, certificates: [own] })).toEqual(unknown('ocsp-signature'));
    const named1 = { signer: self.key, responder: byKey(self.key), certificates: [own] };
    expect(await ask(named1)).toEqual(unknown('ocsp-responder'));
    const purposed = await makeLeaf({
      subject: responder,
      issuer: responder,
      extensions: [{ oid: ID.extendedKeyUsage, value: sequence(oid(OCSP.signing)) }],
      twice: [{ oid: OCSP.noCheck, value: hex('0500') }],
    });
    expect(await askDelegate(purposed)).toEqual(unknown('ocsp-responder'));
  });

  it('A-09 does not believe a "good" signed by the key of the very certificate', async () => {
    const leaf = await world.leaf({ serial: SERIAL });
    const recipe = { signer: world.person.key, responder: byName('Person'), certificates: [leaf] };
    expect(await ask(recipe)).toEqual(unknown('ocsp-responder'));
    const byItsKey = { ...recipe, responder: byKey(world.person.key) };
    expect(await ask(byItsKey)).toEqual(unknown('ocsp-responder'));
  });

  it('A-09 does not believe a "good" that is stale by thirty days', async () => {
    const then = new Date(NOW.getTime() - 30 * DAY);
    const stale = { producedAt: then, thisUpdate: then };
    expect(await ask({ ...stale, nextUpdate: new Date(then.getTime() + DAY) })).toEqual(unknown('ocsp-stale'));
    expect(await ask({ ...stale, nextUpdate: null })).toEqual(unknown('ocsp-stale'));
    // Nor one that promised to hold for so long.
    expect(await ask({ ...stale, nextUpdate: new Date(NOW.getTime() + DAY) })).toEqual(unknown('ocsp-stale'));
  });

  it('A-09 lets a revocation list win over a "good"', async () => {
    const listed = await makeCrl({ issuer: world.middle, revoked: [{ serial: SERIAL }] });
    expect(await ask({}, { beside: [crlSource([listed])] })).toEqual(REVOKED);
    const clean = await makeCrl({ issuer: world.middle });
    const revokedAt = new Date('2026-06-01T00:00:00Z');
    expect(await ask({ status: { revokedAt } }, { beside: [crlSource([clean])] })).toEqual(REVOKED);
    expect(await ask({ nextUpdate: NOW }, { beside: [crlSource([clean])] })).toEqual(['good']);
  });

  it('is exact about time, but for five minutes between two clocks', async () => {
    const at = (text: string) => new Date(`2026-06-15T${text}Z`);
    expect(await ask({ nextUpdate: at('11:55:00') })).toEqual(['good']);
    expect(await ask({ nextUpdate: at('11:54:59') })).toEqual(unknown('ocsp-stale'));
    const ahead = { nextUpdate: at('13:00:00') };
    expect(await ask({ ...ahead, producedAt: at('12:05:00'), thisUpdate: at('12:05:00') })).toEqual(['good']);
    for (const late of [{ thisUpdate: at('12:05:01') }, { producedAt: at('12:05:01') }]) {
      const both = { producedAt: at('12:05:00'), thisUpdate: at('12:05:00'), ...late };
      expect(await ask({ ...ahead, ...both })).toEqual(unknown('ocsp-not-yet-valid'));
    }
    // A responder whose certificate has ended cannot date its answer back and know of today.
    expect(await ask({ producedAt: at('11:00:00'), thisUpdate: at('11:05:01') })).toEqual(
      unknown('ocsp-not-yet-valid'),
    );
    const old = { thisUpdate: new Date(NOW.getTime() - DAY), producedAt: new Date(NOW.getTime() - DAY) };
    expect(await ask({ ...old, nextUpdate: null })).toEqual(['good']);
    expect(await ask({ ...old, nextUpdate: null }, { expected: { maxAgeMs: DAY / 2 } })).toEqual(unknown('ocsp-stale'));
  });

  it('judges the past by what is known today, unless the certificate had ended before', async () => {
    const past = { at: new Date('2026-05-01T00:00:00Z') };
    const expected = { now: NOW };
    expect(await ask({}, { input: past, expected })).toEqual(['good']);
    const revokedAt = new Date('2026-05-02T00:00:00Z');
    expect(await ask({ status: { revokedAt } }, { input: past, expected })).toEqual(['good']);
    expect(await ask({ status: { revokedAt: past.at } }, { input: past, expected })).toEqual(REVOKED);
    const lost = [{ oid: '2.5.29.24', critical: true, value: hex('180f32303236303430313030303030305a') }];
    const compromised = { status: { revokedAt, reason: 1 }, singleExtensions: lost };
    expect(await ask(compromised, { input: past, expected })).toEqual(REVOKED);
    const ended = { notAfter: new Date('2026-06-01T00:00:00Z') };
    expect(await ask({}, { input: past, expected, leaf: ended })).toEqual(unknown('ocsp-stale'));
  });

  it('wants the nonce that it sent', async () => {
    const expected = { nonce: NONCE };
    expect(await ask({ nonce: NONCE }, { expected })).toEqual(['good']);
    expect(await ask({ nonce: new Uint8Array(32).fill(8) }, { expected })).toEqual(unknown('ocsp-nonce'));
    expect(await ask({ nonce: NONCE.subarray(1) }, { expected })).toEqual(unknown('ocsp-nonce'));
    expect(await ask({}, { expected })).toEqual(unknown('ocsp-nonce'));
    // Without one of its own it minds no other.
    expect(await ask({ nonce: NONCE })).toEqual(['good']);
  });

  it('finds its certificate among several, and believes the worse of two answers', async () => {
    const base = { issuer: world.middle, serial: SERIAL };
    const other = makeSingle({ ...base, serial: hex('0103') });
    expect(await ask({ others: [other] })).toEqual(['good']);
    expect(await ask({ others: [makeSingle({ ...base, status: 'unknown' })] })).toEqual(unknown('ocsp-unknown'));
    const revoked = makeSingle({ ...base, status: { revokedAt: new Date('2026-06-01T00:00:00Z') } });
    expect(await ask({ others: [revoked] })).toEqual(REVOKED);
    expect(await ask({ serial: hex('0103') })).toEqual(unknown('ocsp-other-certificate'));
    // The same serial of another authority, and of another generation of the same name.
    const namesake = { name: 'Middle', key: await makeKey() };
    const renamed = { name: 'Elsewhere', key: world.middle.key };
    for (const issuer of [world.root, namesake, renamed]) {
      const answer = { issuer, signer: world.middle.key, responder: byName('Middle') };
      expect(await ask(answer)).toEqual(unknown('ocsp-other-certificate'));
    }
  });

  it('refuses critical extensions that it does not process, and lets others be', async () => {
    const strange = (critical: boolean) => [{ oid: '1.2.3', critical, value: hex('0500') }];
    expect(await ask({ extensions: strange(false), singleExtensions: strange(false) })).toEqual(['good']);
    const refusal = unknown('ocsp-unknown-critical-extension');
    expect(await ask({ extensions: strange(true) })).toEqual(refusal);
    expect(await ask({ singleExtensions: strange(true) })).toEqual(refusal);
  });

  it('refuses what is no answer: errors, other types, algorithms that the anchor does not allow, garbage', async () => {
    for (const status of [1, 2, 3, 5, 6]) {
      expect(await judge(sequence(Uint8Array.of(0x0a, 1, status)))).toEqual(unknown('ocsp-refused'));
    }
    const good = await makeOcsp({ issuer: world.middle, serial: SERIAL });
    for (const garbage of [new Uint8Array(), good.subarray(1), good.subarray(0, -1), new Uint8Array(70_000)]) {
      expect(await judge(garbage)).toEqual(unknown('ocsp-malformed'));
    }
    expect(await judge(successful(hex('3000')))).toEqual(unknown('ocsp-malformed'));
    // A refusal that carries an answer all the same.
    const refusing = new Uint8Array(good);
    refusing[refusing.indexOf(0x0a) + 2] = 6;
    expect(await judge(refusing)).toEqual(unknown('ocsp-refused'));
    const recipe = { issuer: world.middle, serial: SERIAL };
    const rsa = await withAlgorithm(recipe, hex('300d06092a864886f70d01010b0500'));
    expect(await judge(rsa)).toEqual(unknown('ocsp-algorithm-not-allowed'));
    const sha1 = await withAlgorithm(recipe, hex('300906072a8648ce3d0401'));
    expect(await judge(sha1)).toEqual(unknown('ocsp-malformed'));
    const crowd = Array.from({ length: 32 }, () => makeSingle(recipe));
    expect(await ask({ others: crowd })).toEqual(unknown('ocsp-malformed'));
    const certificates = await Promise.all(Array.from({ length: 9 }, () => delegate()));
    expect(await ask({ certificates })).toEqual(unknown('ocsp-malformed'));
    expect(await ask({ certificates: certificates.slice(1) })).toEqual(['good']);
  });

  it('pays for every signature out of the budget of the path', async () => {
    const verdict = await askDelegate(await delegate(), {}, { input: { limits: { maxSignatures: 3 } } });
    expect(verdict).toEqual(['notChecked', 'limit-signatures: ']);
    expect(await askDelegate(await delegate(), {}, { input: { limits: { maxSignatures: 4 } } })).toEqual(['good']);
  });
});

describe('ocspSource', () => {
  it('asks the responder of an anchor about what the anchor issued, and about nothing below that', async () => {
    const asked: string[] = [];
    const url = 'http://ocsp.example/';
    const revocation = ocspSource(
      [{ anchor: world.anchor.certificate.sha256, url, nonce: 'omit', certIdHash: 'SHA-256' }],
      {
        clock: { now: () => NOW },
        fetch: async (address) => {
          asked.push(typeof address === 'string' ? address : 'elsewhere');
          return new Response(new Uint8Array(await makeOcsp({ issuer: world.root, serial: hex('0303') })));
        },
      },
    );
    const pool = [await world.intermediate({ serial: hex('0303') })];
    const verdict = await world.verify(await world.leaf({ serial: SERIAL }), pool, { revocation });
    expect(verdict.reasons).toEqual([{ code: 'revocation-unknown', certificate: 0, detail: 'no-source' }]);
    expect(asked).toEqual([url]);
  });
});
