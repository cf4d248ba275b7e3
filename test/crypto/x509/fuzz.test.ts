import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkDer } from '../../../src/crypto/der.ts';
import { parseX509Certificate } from '../../../src/crypto/x509/certificate.ts';
import { crlSource, parseCrl } from '../../../src/crypto/x509/crl.ts';
import { jpkiHolder } from '../../../src/crypto/x509/jpki-holder.ts';
import { checkOcspResponse } from '../../../src/crypto/x509/ocsp.ts';
import { parseOcspResponse } from '../../../src/crypto/x509/ocsp-reader.ts';
import { verifyPath } from '../../../src/crypto/x509/path.ts';
import type { RevocationSource } from '../../../src/crypto/x509/revocation.ts';
import { hex, oid, sequence, utf8 } from './der-writer.ts';
import { ID, makeLeaf, NOW, named, parsed, pathLength } from './make.ts';
import { CRL, makeCrl } from './make-crl.ts';
import { byName, makeOcsp, OCSP } from './make-ocsp.ts';
import { mutantsOf } from './mutations.ts';
import { alternatives, alwaysGood, constraints, policies, purpose, type TestWorld, testWorld } from './test-world.ts';

const SERIAL = hex('0101');
/** Every fault of ours is a word with dots and dashes; anything else came from somewhere else. */
const FAULT = /^(der|certificate|crl|ocsp)\.[a-z0-9-]+$/;

let world: TestWorld;
let certificates: readonly Uint8Array[];
let lists: readonly Uint8Array[];
let answers: readonly Uint8Array[];

beforeAll(async () => {
  world = await testWorld();
  const responder = await named('Responder');
  const delegate = await makeLeaf({
    subject: responder,
    issuer: world.middle,
    extensions: [{ oid: ID.extendedKeyUsage, value: sequence(oid(OCSP.signing)) }],
    twice: [{ oid: OCSP.noCheck, value: hex('0500') }],
  });
  certificates = await Promise.all([
    world.leaf({ serial: SERIAL }),
    world.leaf({
      serial: SERIAL,
      twice: [
        policies('1.2.392.200149.8.5.1.1.20'),
        alternatives(utf8('a.example', 0x82), hex('a00a06032a0304a0030c0141')),
      ],
    }),
    world.intermediate({ extensions: [pathLength(0)], twice: [constraints(0xa0, utf8('example', 0x82))] }),
  ]);
  lists = await Promise.all([
    makeCrl({ issuer: world.middle }),
    makeCrl({
      issuer: world.middle,
      revoked: [{ serial: SERIAL, extensions: [{ oid: CRL.reason, value: hex('0a0101') }] }],
    }),
  ]);
  const base = { issuer: world.middle, serial: SERIAL };
  answers = await Promise.all([
    makeOcsp({ ...base, nonce: new Uint8Array(32).fill(1) }),
    makeOcsp({ ...base, status: { revokedAt: new Date('2026-06-01T00:00:00Z'), reason: 1 } }),
    makeOcsp({ ...base, signer: responder.key, responder: byName('Responder'), certificates: [delegate] }),
  ]);
});

/** Runs the property over mutants of these objects and says how many were taken for well-formed. */
async function overMutants(
  corpus: readonly Uint8Array[],
  numRuns: number,
  check: (mutant: Uint8Array) => boolean | Promise<boolean>,
): Promise<number> {
  const originals = new Set(corpus.map((der) => Buffer.from(der).toString('hex')));
  let wellFormed = 0;
  await fc.assert(
    fc.asyncProperty(mutantsOf(corpus), async (mutant) => {
      if (originals.has(Buffer.from(mutant).toString('hex'))) return;
      if (await check(mutant)) wellFormed += 1;
    }),
    { numRuns },
  );
  return wellFormed;
}

function isOwnFault(result: { ok: true } | { ok: false; fault: string }): boolean {
  if (!result.ok) expect(result.fault).toMatch(FAULT);
  return result.ok;
}

describe('hostile DER', { timeout: 120_000 }, () => {
  it('is scanned to an end, with a fault of our own or none', async () => {
    const corpus = [...certificates, ...lists, ...answers];
    const sound = await overMutants(corpus, 20_000, (mutant) => isOwnFault(checkDer(mutant)));
    // The mutations are not all nonsense: the deeper readers are reached.
    expect(sound).toBeGreaterThan(1_000);
  });

  it('as a certificate is read or refused, and never judged valid', async () => {
    const pool = [parsed(await world.intermediate())];
    const read = await overMutants(certificates, 6_000, async (mutant) => {
      const certificate = parseX509Certificate(mutant);
      if (!isOwnFault(certificate) || !certificate.ok) return false;
      jpkiHolder(certificate.value);
      const usual = { anchors: [world.anchor], at: NOW, purpose, revocation: alwaysGood };
      for (const input of [
        { leaf: certificate.value, pool },
        { leaf: parsed(certificates[0] ?? new Uint8Array()), pool: [certificate.value] },
      ]) {
        const verdict = await verifyPath({ ...input, ...usual });
        expect(verdict.valid).toBe(false);
        expect(verdict.reasons.map(({ code }) => code)).not.toContain('internal-error');
      }
      return true;
    });
    expect(read).toBeGreaterThan(50);
  });

  it('as a revocation list is read or refused, and never says good or revoked', async () => {
    const read = await overMutants(lists, 6_000, async (mutant) => {
      if (!isOwnFault(parseCrl(mutant))) return false;
      expect(await statusBy(crlSource([mutant]))).toBe('notChecked');
      return true;
    });
    expect(read).toBeGreaterThan(50);
  });

  it('as an OCSP response is read or refused, and never says more than its signature holds', async () => {
    const read = await overMutants(answers, 6_000, async (mutant) => {
      if (!isOwnFault(parseOcspResponse(mutant))) return false;
      const source: RevocationSource = {
        check: (question) => checkOcspResponse(mutant, question, { nonce: null, now: NOW }),
      };
      const status = await statusBy(source);
      // Certificates travel outside the signature: a second copy of one changes nothing.
      if (status !== 'notChecked') expect(signedPart(mutant)).toBe(true);
      return true;
    });
    expect(read).toBeGreaterThan(50);
  });

  /** Whether the signed data of a response are those of one of the originals, octet for octet. */
  function signedPart(mutant: Uint8Array): boolean {
    const tbsOf = (der: Uint8Array) => {
      const response = parseOcspResponse(der);
      return response.ok ? Buffer.from(response.value.tbs).toString('hex') : 'none';
    };
    return answers.some((answer) => tbsOf(answer) === tbsOf(mutant));
  }

  async function statusBy(source: RevocationSource): Promise<string> {
    const revocation: RevocationSource = {
      check: (question) =>
        question.certificate.serial === '0101' ? source.check(question) : Promise.resolve({ status: 'good' }),
    };
    const leaf = parsed(certificates[0] ?? new Uint8Array());
    const pool = [parsed(await world.intermediate())];
    return (await verifyPath({ leaf, pool, anchors: [world.anchor], at: NOW, purpose, revocation })).revocation;
  }
});
