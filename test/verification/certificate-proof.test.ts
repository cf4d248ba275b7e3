import { beforeAll, describe, expect, it } from 'vitest';
import { drawCertificate } from '../../src/certificates/drawing/draw-certificate.ts';
import { canonicalJson } from '../../src/crypto/jcs.ts';
import { compactJws, signJws } from '../../src/crypto/jose.ts';
import { signPdf } from '../../src/crypto/pdf/sign-pdf.ts';
import { crlSource } from '../../src/crypto/x509/crl.ts';
import { derToPem } from '../../src/crypto/x509/pem.ts';
import { proofType, signCertificateProof } from '../../src/records/certificate-proof.ts';
import type { CertificateStatement } from '../../src/records/certificate-statement.ts';
import { parseState } from '../../src/verification/certificate-state.ts';
import { examineFile, kindOf } from '../../src/verification/examine.ts';
import { noPaper, type PaperCompanions, paperIn } from '../../src/verification/paper.ts';
import type { Report } from '../../src/verification/report.ts';
import { sealChainIn } from '../../src/verification/seal-chain.ts';
import type { TrustMaterial } from '../../src/verification/trust-material.ts';
import { statementFor, testFont } from '../certificates/support/statement.ts';
import { createTestAuthority, now, type TestLeaf } from '../crypto/support/authorities.ts';
import { createTestWorld, type TestWorld } from '../crypto/support/trust.ts';

const day = 86_400_000;
const extendedKeyUsage = { oids: ['1.3.6.1.5.5.7.3.36'], critical: false };
const code = 'ABCDEFGH234567AB';
const statement: CertificateStatement = {
  ...statementFor('graduationCertificate', { issuedOn: '2026-11-01' }),
  number: '2026-000017',
  verifyAt: `https://gateway.example/c/${code}`,
};
const uri = `https://gateway.example/schools/${statement.school.code}`;
const known = {
  state: 'valid',
  number: statement.number,
  kind: statement.kind,
  school: { code: statement.school.code, state: 'open', successor: null },
  issuedOn: statement.issuedOn,
  supersededBy: null,
};

describe('the second code of a certificate', () => {
  let world: TestWorld;
  let seal: TestLeaf;
  let trust: TrustMaterial;
  let token: string;

  beforeAll(async () => {
    world = await createTestWorld();
    seal = await world.seal.issue({ algorithm: 'ES256', uri, extendedKeyUsage });
    trust = trustAt(now);
    token = await signCertificateProof(statement, seal.signer);
  });

  function trustAt(at: Date, crls = [...world.seal.crls, ...world.time.crls]): TrustMaterial {
    const revocation = crlSource(crls, { now: at });
    const { anchors, timestampAnchors } = world;
    return { seal: anchors, person: [], time: timestampAnchors, evidence: [], revocation, logKeys: [], at };
  }
  function pemOf(leaf: TestLeaf): Uint8Array {
    return new TextEncoder().encode(leaf.signer.chain.map((der) => derToPem(der, 'CERTIFICATE')).join(''));
  }
  function withSeal(leaf = seal, more: Partial<PaperCompanions> = {}): PaperCompanions {
    const chain = sealChainIn(pemOf(leaf));
    return { ...noPaper, seals: chain === null ? [] : [chain], ...more };
  }
  async function examine(text: string, paper: PaperCompanions, by = trust): Promise<Report> {
    const bytes = new TextEncoder().encode(text);
    expect(kindOf(bytes)).toBe('certificateProof');
    return examineFile({ kind: 'certificateProof', bytes, proof: null, paper, trust: async () => by });
  }
  const codes = ({ verdicts }: Report) => verdicts.map((one) => [one.code, ...one.reasons].join(' '));
  const answering = (found: unknown) => ({ askState: async () => parseState(found) });

  it('is verified with the seal beside it, each question by itself, and shows what to compare with the paper', async () => {
    const report = await examine(token, withSeal());
    expect(codes(report)).toEqual([
      'signature.valid',
      'issuer.valid',
      'issued.valid',
      'state.notChecked state-not-asked',
    ]);
    expect(report.verdicts.at(-1)?.about).toBe(`/c/${code}`);
    expect(report.facts).toMatchObject({ number: '2026-000017', name: '見本　花子', birth: '2002-04-02', code });
    expect(report.remarks).toEqual(['compare-with-paper']);
  });

  it('is taken out of the address that the QR code holds', async () => {
    expect(codes(await examine(`https://gateway.example/verify#${token}\n`, withSeal()))[0]).toBe('signature.valid');
  });

  it('says nothing of what it holds while the seal is not at hand', async () => {
    const report = await examine(token, noPaper);
    expect(codes(report)).toEqual(['signature.notChecked seal-missing']);
    expect(report.facts).toEqual({});
  });

  it('fetches the seal by its digest, and takes no other one for it', async () => {
    const other = await world.seal.issue({ algorithm: 'ES256', uri, extendedKeyUsage });
    const asked: string[] = [];
    const fetching = (leaf: TestLeaf) => ({
      ...noPaper,
      fetchSeal: async (fingerprint: string) => {
        asked.push(fingerprint);
        return sealChainIn(pemOf(leaf));
      },
    });
    expect(codes(await examine(token, fetching(seal)))[0]).toBe('signature.valid');
    expect(codes(await examine(token, fetching(other)))).toEqual(['signature.notChecked seal-missing']);
    expect(asked.every((one) => /^[A-Za-z0-9_-]{43}$/.test(one))).toBe(true);
  });

  it.each(['header', 'payload', 'signature'] as const)(
    'is not valid with one letter of its %s changed',
    async (part) => {
      const parts = token.split('.');
      const index = ['header', 'payload', 'signature'].indexOf(part);
      const text = parts[index] ?? '';
      const changed = `${text.slice(0, 40)}${text[40] === 'A' ? 'B' : 'A'}${text.slice(41)}`;
      const bytes = new TextEncoder().encode(parts.with(index, changed).join('.'));
      const kind = kindOf(bytes);
      if (kind === null) return expect(part).toBe('header');
      const report = await examineFile({ kind, bytes, proof: null, paper: withSeal(), trust: async () => trust });
      expect(codes(report)[0]).toMatch(/^signature\.(invalid|notChecked)/);
      return expect(report.facts).toEqual({});
    },
  );

  it('is refused with a header or a payload that was not agreed', async () => {
    const kid = Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(seal.certificate))).toString(
      'base64url',
    );
    const sign = async (payload: unknown, header: Record<string, unknown>) =>
      compactJws(await signJws({ payload: canonicalJson(payload), header, signer: seal.signer }));
    for (const wrong of [
      await sign({ v: 1 }, { kid, typ: proofType }),
      await sign({ v: 1 }, { kid, typ: proofType, x5c: [] }),
      await sign({ v: 1 }, { kid: 'short', typ: proofType }),
    ]) {
      expect(codes(await examine(wrong, withSeal()))).toEqual(['signature.invalid malformed']);
    }
  });

  it('is not believed of the seal of another school, of a stranger, and of a revoked one', async () => {
    const other = await world.seal.issue({
      algorithm: 'ES256',
      extendedKeyUsage,
      uri: 'https://gateway.example/schools/D120299900227',
    });
    const byOther = await signCertificateProof(statement, other.signer);
    expect(codes(await examine(byOther, withSeal(other)))[1]).toBe('issuer.invalid issuer-other-school');
    const stranger = await (await createTestAuthority('他人')).issue({ algorithm: 'ES256', uri, extendedKeyUsage });
    const byStranger = await signCertificateProof(statement, stranger.signer);
    expect(codes(await examine(byStranger, withSeal(stranger)))[1]).toContain('issuer.invalid unknownRoot');
    const revoking = trustAt(now, [...(await world.seal.revoke([seal.serial]))]);
    expect(codes(await examine(token, withSeal(), revoking))[1]).toContain('issuer.invalid revoked');
  });

  it('is neither yes nor no once the seal has run out, and no when it was dated before the seal began', async () => {
    const short = await world.seal.issue({
      algorithm: 'ES256',
      uri,
      extendedKeyUsage,
      notBefore: new Date(now.getTime() - 40 * day),
      notAfter: new Date(now.getTime() - 5 * day),
    });
    const old = await signCertificateProof(statement, short.signer);
    expect(codes(await examine(old, withSeal(short)))).toEqual([
      'signature.valid',
      'issuer.notChecked seal-ended',
      'issued.valid',
      'state.notChecked state-not-asked',
    ]);
    const early = await signCertificateProof({ ...statement, issuedOn: '2026-10-01' }, short.signer);
    expect(codes(await examine(early, withSeal(short)))[2]).toBe('issued.invalid signed-outside-validity');
  });

  it.each([
    [known, 'state.valid'],
    [{ ...known, state: 'revoked' }, 'state.invalid state-revoked'],
    [
      {
        ...known,
        state: 'superseded',
        supersededBy: { number: '2026-000018', issuedOn: '2026-11-02', code: 'BBBBBBBB234567AB' },
      },
      'state.invalid state-superseded',
    ],
    [{ ...known, number: '2026-000099' }, 'state.invalid state-other-certificate'],
    [{ ...known, school: { ...known.school, code: 'D120299900227' } }, 'state.invalid state-other-certificate'],
    [{ other: 'shape' }, 'state.notChecked state-unreachable'],
  ])('tells how it stands by the answer of the gateway', async (answer, expected) => {
    const report = await examine(token, withSeal(seal, answering(answer)));
    expect(codes(report)[3]).toBe(expected);
  });

  it('tells that the school has closed, and who is responsible, without taking anything away', async () => {
    const school = { ...known.school, state: 'closed', successor: { name: '見本中学校' } };
    const report = await examine(token, withSeal(seal, answering({ ...known, school })));
    expect(codes(report)[3]).toBe('state.valid');
    expect(report.remarks).toEqual(['compare-with-paper', 'school-closed', 'school-successor:見本中学校']);
  });

  it('asks nobody how a certificate stands whose seal nobody trusts', async () => {
    const stranger = await (await createTestAuthority('他人')).issue({ algorithm: 'ES256', uri, extendedKeyUsage });
    const byStranger = await signCertificateProof(statement, stranger.signer);
    const paper = withSeal(stranger, { askState: () => Promise.reject(new Error('asked')) });
    expect(codes(await examine(byStranger, paper))[3]).toBe('state.notChecked state-not-asked');
  });

  describe('beside the PDF', () => {
    let pdf: Uint8Array;

    beforeAll(async () => {
      const font = await testFont();
      const drawn = await drawCertificate({ statement, font, sealImage: null, offlineProof: null, at: now });
      if (!drawn.ok) throw new Error(JSON.stringify(drawn.fault));
      const signed = await signPdf(drawn.value, {
        signer: seal.signer,
        timestamps: world.timestamps,
        fieldName: 'Seal',
        at: now,
        certification: { permissions: 1 },
      });
      if (!signed.ok) throw new Error(signed.fault);
      pdf = signed.value;
    }, 60_000);

    it('is told to be of the same certificate, or of another one', async () => {
      const paper = await paperIn(pdf);
      if (paper === null) throw new Error('no statement in the PDF');
      const same = await examine(token, withSeal(seal, { papers: [paper] }));
      expect(codes(same).at(-1)).toBe('pair.valid');
      const other = await signCertificateProof({ ...statement, number: '2026-000099' }, seal.signer);
      const report = await examine(other, withSeal(seal, { papers: [paper] }));
      expect(codes(report).at(-1)).toBe('pair.invalid pair-other-certificate');
      expect(report.verdicts.at(-1)?.about).toBe('2026-000099 ≠ 2026-000017');
    });

    it('has its state asked too, once all of it holds; else it is told where to ask', async () => {
      const examinePdf = (bytes: Uint8Array, paper: PaperCompanions) =>
        examineFile({ kind: 'pdf', bytes, proof: null, paper, trust: async () => trust });
      const silent = await examinePdf(pdf, noPaper);
      expect(codes(silent).some((one) => one.startsWith('state.'))).toBe(false);
      expect(silent.remarks).toContain(`state-not-asked:/c/${code}`);
      const revoked = await examinePdf(pdf, { ...noPaper, ...answering({ ...known, state: 'revoked' }) });
      expect(codes(revoked).at(-1)).toBe('state.invalid state-revoked');
      const forged = Uint8Array.from(pdf);
      forged[2_000] = (forged[2_000] ?? 0) ^ 1;
      const asked = { ...noPaper, askState: () => Promise.reject(new Error('asked')) };
      expect(codes(await examinePdf(forged, asked)).some((one) => one.startsWith('state.'))).toBe(false);
    });
  });
});
