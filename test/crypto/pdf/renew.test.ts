import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { suiteOf } from '../../../src/crypto/algorithm-suites.ts';
import { gatherValidationData, recordingTimestamps } from '../../../src/crypto/pdf/gather-validation.ts';
import { pdfEvidenceEnd, renewPdfEvidence } from '../../../src/crypto/pdf/renew.ts';
import { signPdf } from '../../../src/crypto/pdf/sign-pdf.ts';
import { addValidationData } from '../../../src/crypto/pdf/validation-data.ts';
import type { PdfTrust } from '../../../src/crypto/pdf/verify/report.ts';
import { crlSource } from '../../../src/crypto/x509/crl.ts';
import { derToPem } from '../../../src/crypto/x509/pem.ts';
import { days } from '../../../src/demo/validity.ts';
import { type Era, openEra } from '../../support/eras.ts';
import { now } from '../support/authorities.ts';
import { hasTool, runTool } from '../support/tools.ts';
import { createTestWorld, type TestWorld, valueOf } from '../support/trust.ts';
import { cutNewest } from './support/cut-newest.ts';
import { hasJava, runJava } from './support/other-programs.ts';
import { makeDocument } from './support/signed-pdf.ts';
import { linesOf, verified } from './support/verified.ts';

const afterYears = (count: number) => days(now, Math.round(365 * count));
/** Each authority lasts five years; the next one stamps before that. */
const renewedAfter = [4.5, 9, 13.5, 18];

describe('a certificate over twenty years', { timeout: 60_000 }, () => {
  let world: TestWorld;
  let eras: readonly Era[];
  let issued: Uint8Array;
  /** The file as it was after each renewal. */
  const files: Uint8Array[] = [];

  beforeAll(async () => {
    world = await createTestWorld();
    eras = await Promise.all([0, ...renewedAfter].map((years) => openEra(afterYears(years))));
    issued = await issue(eraAt(0));
  }, 60_000);
  afterAll(() => Promise.all((eras ?? []).map((era) => era.close())));

  function eraAt(index: number): Era {
    const era = eras[index];
    if (era === undefined) throw new Error(`no era ${index}`);
    return era;
  }
  /** Sealed as the gateway does it, up to B-LT. */
  async function issue(era: Era): Promise<Uint8Array> {
    const { signer } = await world.seal.issue({ algorithm: 'RS256' });
    const timestamps = recordingTimestamps(era.timestamps);
    const options = { signer, timestamps: timestamps.service, fieldName: 'Seal', at: era.at };
    const certification = { permissions: 1 } as const;
    const signed = valueOf(await signPdf(await makeDocument(), { ...options, certification }));
    const lists = [...world.seal.crls, await era.listAt(era.at)];
    const { data } = gatherValidationData({ chain: signer.chain, tokens: timestamps.tokens, lists });
    return valueOf(await addValidationData(signed, data));
  }
  /** Who verifies later knows every authority there was, and the revocation lists of that day alone. */
  async function trustAt(at: Date, lists: readonly Uint8Array[]): Promise<PdfTrust> {
    const timestampAnchors = eras.map(({ anchor }) => anchor);
    return { anchors: world.anchors, timestampAnchors, revocation: crlSource(lists, { now: at }), at };
  }
  async function renewedAt(index: number, file: Uint8Array, era = eraAt(index)) {
    const lists = [await eraAt(index - 1).listAt(era.at), await era.listAt(era.at)];
    return renewPdfEvidence(file, { trust: await trustAt(era.at, lists), timestamps: era.timestamps, lists });
  }

  it('is renewed again and again, each time behind what was there', async () => {
    let file = issued;
    for (const index of renewedAfter.keys()) {
      const renewed = valueOf(await renewedAt(index + 1, file));
      expect(Buffer.from(renewed.pdf.subarray(0, file.length)).equals(Buffer.from(file))).toBe(true);
      expect(renewed.countsUntil).toEqual(days(eraAt(index + 1).at, 365 * 5));
      file = renewed.pdf;
      files.push(file);
    }
  });

  it('is valid at the time of sealing for whoever verifies at year 20', async () => {
    const at = afterYears(20);
    const trust = await trustAt(at, [await eraAt(4).listAt(at)]);
    const report = await verified(files.at(-1) ?? issued, trust);
    const rest = 'trusted | good | proved | none';
    expect(linesOf(report)).toEqual([
      'Seal signature | valid | revision | allowed validation-data document-timestamp | trusted | good | proved | B-LTA',
      ...['Time1', 'Time2', 'Time3'].map(
        (name) =>
          `${name} document-timestamp | valid | revision | allowed validation-data document-timestamp | ${rest}`,
      ),
      `Time4 document-timestamp | valid | file | none | ${rest}`,
    ]);
    expect(report.signatures[0]?.time).toMatchObject({ by: 'signature-timestamp', judgedAt: now });
  });

  it('without renewal has no proved time and no trusted signer at year 20, with every list of then or of today', async () => {
    const at = afterYears(20);
    for (const lists of [[await eraAt(4).listAt(at)], [await eraAt(0).listAt(now), ...world.seal.crls]]) {
      expect(linesOf(await verified(issued, await trustAt(at, lists)))).toEqual([
        'Seal signature | valid | revision | allowed validation-data | notTrusted expired | notChecked | notChecked timestamp-ended | B-B',
      ]);
    }
  });

  it('with one renewal left out cannot be mended by the next', async () => {
    expect(await renewedAt(2, issued)).toEqual({ ok: false, fault: 'evidence-not-good' });
    const at = afterYears(20);
    const [seal] = (await verified(files[1] ?? issued, await trustAt(at, [await eraAt(2).listAt(at)]))).signatures;
    expect([seal?.path.status, seal?.time.status, seal?.level.status]).toEqual(['notTrusted', 'notChecked', 'B-B']);
  });

  it('is not renewed without a revocation list, by a time stamp that lasts no longer, or once it was changed', async () => {
    const era = eraAt(1);
    const lists = [await eraAt(0).listAt(era.at), await era.listAt(era.at)];
    const given = { trust: await trustAt(era.at, lists), timestamps: era.timestamps };
    expect(await renewPdfEvidence(files[0] ?? issued, { ...given, lists: [] })).toEqual({
      ok: false,
      fault: 'revocation-list-missing',
    });
    const brief = await openEra(era.at, { stampYears: 0.25 });
    const trust = { ...given.trust, timestampAnchors: [...given.trust.timestampAnchors, brief.anchor] };
    const more = [...lists, await brief.listAt(era.at)];
    const known = { ...trust, revocation: crlSource(more, { now: era.at }) };
    const renewed = renewPdfEvidence(issued, { trust: known, timestamps: brief.timestamps, lists: more });
    expect(await renewed.finally(() => brief.close())).toEqual({ ok: false, fault: 'nothing-gained' });
    const forged = Uint8Array.from(issued);
    const place = Buffer.from(issued).indexOf('/MediaBox') + 12;
    forged[place] = (forged[place] ?? 0) ^ 1;
    expect(await renewPdfEvidence(forged, { ...given, lists })).toEqual({ ok: false, fault: 'evidence-not-good' });
  });

  it('ends with its algorithm, before the certificate of the time stamp does', async () => {
    const rsa = await openEra(now, { keyKind: 'rsa-2048', rootYears: 20, stampYears: 15 });
    const file = await issue(rsa).finally(() => rsa.close());
    const trustOn = async (at: Date): Promise<PdfTrust> => ({
      ...(await trustAt(at, [await rsa.listAt(at), ...world.seal.crls])),
      timestampAnchors: [rsa.anchor],
    });
    const { endsAt } = suiteOf({ kind: 'rsa', bits: 2048 });
    expect(await pdfEvidenceEnd(file, await trustOn(now))).toEqual(endsAt);
    expect(await pdfEvidenceEnd(file, await trustOn(days(endsAt, 1)))).toBeNull();
    const [seal] = (await verified(file, await trustOn(days(endsAt, 1)))).signatures;
    expect(seal?.time).toMatchObject({ status: 'notChecked', reasons: ['algorithm-ended'], countsUntil: endsAt });
    expect(seal?.path.reasons).toContain('expired');
  });

  describe.skipIf(!hasTool('openssl', 'version'))('for OpenSSL', () => {
    it('each of its time stamps is a token over what lies before it', () => {
      for (const [index, file] of files.entries()) {
        const { value, signed } = cutNewest(file);
        const era = eraAt(index + 1);
        const given = {
          'x.tok': value,
          'x.dat': signed,
          'root.pem': derToPem(era.anchor.certificate.der, 'CERTIFICATE'),
        };
        const parameters = 'ts -verify -data x.dat -in x.tok -token_in -CAfile root.pem -attime';
        const at = String(Math.floor(era.at.getTime() / 1000));
        expect(runTool('openssl', [...parameters.split(' '), at], given).output).toContain('Verification: OK');
      }
    });
  });

  describe.skipIf(!hasJava())('for PDFBox and BouncyCastle', () => {
    it('the seal and every time stamp are right', () => {
      const roots = [...world.anchors, ...eras.map(({ anchor }) => anchor)];
      const pem = roots.map(({ certificate }) => derToPem(certificate.der, 'CERTIFICATE')).join('');
      const source = readFileSync(new URL('./support/CheckPades.java', import.meta.url));
      const given = { 'CheckPades.java': source, 'roots.pem': pem, 'f.pdf': files.at(-1) ?? issued };
      const said = runJava(['CheckPades.java', 'roots.pem', 'f.pdf'], given).output;
      expect(said).toContain('f.pdf ETSI.CAdES.detached revision signature ess stamp path');
      expect(said.match(/ETSI.RFC3161 revision imprint path/g)).toHaveLength(3);
      expect(said).toContain('f.pdf ETSI.RFC3161 whole imprint path');
    }, 120_000);
  });
});
