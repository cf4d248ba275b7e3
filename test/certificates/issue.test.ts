import { createHash } from 'node:crypto';
import { desc, eq } from 'drizzle-orm';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuditEventName } from '../../src/audit/event-names.ts';
import { auditEvents } from '../../src/audit/tables.ts';
import { issueHandler } from '../../src/certificates/issue/issue-request.ts';
import { certificateRequests, issuedCertificates } from '../../src/certificates/tables.ts';
import { verifyJws } from '../../src/crypto/jose.ts';
import { importVerificationKey } from '../../src/crypto/jose-key.ts';
import { openPdf } from '../../src/crypto/pdf/open.ts';
import { readValidationData } from '../../src/crypto/pdf/validation-data.ts';
import { verifyPdf } from '../../src/crypto/pdf/verify/verify-pdf.ts';
import { parseX509Certificate } from '../../src/crypto/x509/certificate.ts';
import { derToPem } from '../../src/crypto/x509/pem.ts';
import { certificateProof, proofType, signCertificateProof } from '../../src/records/certificate-proof.ts';
import { certificateStatement } from '../../src/records/certificate-statement.ts';
import { findSealKey, openSealKey } from '../../src/records/seal-keys.ts';
import { sealKeys } from '../../src/records/tables.ts';
import { hasTool, runTool } from '../crypto/support/tools.ts';
import { bodyOf, refusalIn } from '../hostile/support/procedure.ts';
import { openLinkedSession, openPersonSession } from '../hostile/support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { cutSignature } from './support/cut-signature.ts';
import { enterPupil, openOffice, wish } from './support/office.ts';

const own = '/api/own-certificates';
const office = '/api/certificate-requests';
const withOpenssl = it.skipIf(!hasTool('openssl', 'version'));
const school = codeOf('juniorHigh');

describe('issuing a certificate', { timeout: 90_000 }, () => {
  let world: HostileWorld;
  let sakura: Session;
  let clerk: Session;
  let principal: Session;

  beforeAll(async () => {
    world = await openHostileWorld();
    await openOffice(world, ['transcript']);
    sakura = await openLinkedSession(world, 'sakura', 'juniorHigh');
    clerk = await world.as('juniorHigh-clerk');
    principal = await world.as('juniorHigh-principal');
    await enterPupil(world, 'pupil-01', { subjects: [{ schoolYear: 2025, name: '国語', credits: null, grade: 5 }] });
  }, 120_000);
  afterAll(() => world?.close());

  const asSchool = { actor: 'staff:test', school, role: 'principal' };
  async function events(name: AuditEventName) {
    const rows = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.name, name)).orderBy(desc(auditEvents.at)),
    );
    return rows.map(({ outcome, reason }) => `${outcome} ${reason ?? ''}`.trim());
  }
  async function asked(by = sakura, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return bodyOf(await by.json('POST', own, { ...wish, ...more })).id;
  }
  async function approved(id: string): Promise<void> {
    bodyOf(await clerk.json('POST', `${office}/${id}/check`));
    bodyOf(await principal.json('POST', `${office}/${id}/approval`));
  }
  /** Waits until the gateway's own loop has brought the request into this state. */
  const reached = (id: string, state: string) =>
    vi.waitFor(
      async () => {
        const { request } = (await clerk.json('GET', `${office}/${id}`)).body as never as {
          request: { state: string; certificates: { id: string; number: string; level: string }[]; problem: unknown };
        };
        if (request.state !== state) throw new Error(`still ${request.state}: ${JSON.stringify(request.problem)}`);
        return request;
      },
      { timeout: 30_000, interval: 200 },
    );
  async function fileOf(id: string, by = sakura): Promise<Uint8Array> {
    const answer = await by.send('GET', `/api/issued-certificates/${id}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    return new Uint8Array(await answer.arrayBuffer());
  }
  const copiesOf = (id: string) =>
    world.running.gateway.database.transaction(asSchool, (tx) =>
      tx.select().from(issuedCertificates).where(eq(issuedCertificates.requestId, id)),
    );
  async function statementIn(pdf: Uint8Array) {
    const [file] = (await PDFDocument.load(pdf, { updateMetadata: false })).getAttachments();
    return certificateStatement.parse(JSON.parse(Buffer.from(file?.data ?? []).toString()));
  }

  it('makes as many numbered copies as were asked for, sealed, and hands them to the pupil', async () => {
    const id = await asked();
    await approved(id);
    const { certificates } = await reached(id, 'issued');
    expect(certificates.map(({ level }) => level)).toEqual(['B-LT', 'B-LT']);
    expect(certificates[0]?.number).toMatch(/^20\d\d-\d{6}$/);
    expect(new Set(certificates.map(({ number }) => number)).size).toBe(2);
    expect((await events('certificate.issued')).slice(0, 2)).toEqual(['done', 'done']);
    const [first, second] = await Promise.all(certificates.map((one) => fileOf(one.id)));
    expect((await events('certificate.handed-over')).slice(0, 2)).toEqual(['done', 'done']);
    const statements = [await statementIn(first ?? new Uint8Array()), await statementIn(second ?? new Uint8Array())];
    expect(statements.map(({ copy }) => copy)).toEqual([
      { number: 1, of: 2 },
      { number: 2, of: 2 },
    ]);
    expect(statements[0]).toMatchObject({
      number: certificates[0]?.number,
      person: { officialName: '葛\u{E0100}城　さくら' },
    });
    const [row] = await copiesOf(id);
    expect(
      createHash('sha256')
        .update(first ?? '')
        .digest('hex'),
    ).toBe(row?.sha256);
    const opened = await openPdf(first ?? new Uint8Array());
    const { trust, clock } = world.running.gateway;
    const { signatures, document } = await verifyPdf(first ?? new Uint8Array(), {
      anchors: trust.seal,
      timestampAnchors: trust.time,
      revocation: trust.revocation,
      at: clock.now(),
    });
    expect([document.reasons, signatures.map(({ level }) => level.status)]).toEqual([[], ['B-LT']]);
    const kept = opened.ok ? readValidationData(opened.value) : null;
    expect([kept?.certificates.length, kept?.crls.length].map((count) => (count ?? 0) >= 2)).toEqual([true, true]);
  });

  withOpenssl('is a CAdES signature by the school for OpenSSL', async () => {
    const { certificates } = await reached(await lastIssued(), 'issued');
    const pdf = await fileOf(certificates[0]?.id ?? '');
    const { value, signed } = cutSignature(pdf);
    const roots = world.running.gateway.trust.seal.map(({ certificate }) => derToPem(certificate.der, 'CERTIFICATE'));
    const parameters =
      'cms -verify -cades -inform DER -in x.cms -content x.dat -binary -CAfile root.pem -purpose any -out out.dat';
    const given = { 'x.cms': value, 'x.dat': signed, 'root.pem': roots.join('') };
    expect(runTool('openssl', parameters.split(' '), given).output).toContain('CAdES Verification successful');
    // One letter of the drawn page changed: the signature is none any more.
    const forged = Uint8Array.from(signed);
    forged[2_000] = (forged[2_000] ?? 0) ^ 1;
    expect(runTool('openssl', parameters.split(' '), { ...given, 'x.dat': forged }).output).not.toContain('successful');
  });

  async function lastIssued(): Promise<string> {
    const [row] = await world.running.gateway.database.transaction(asSchool, (tx) =>
      tx
        .select()
        .from(certificateRequests)
        .where(eq(certificateRequests.state, 'issued'))
        .orderBy(desc(certificateRequests.requestedAt))
        .limit(1),
    );
    if (row === undefined) throw new Error('nothing has been issued');
    return row.id;
  }

  it('prints a proof that verifies with the seal certificate alone', async () => {
    const { gateway } = world.running;
    const key = await gateway.database.transaction(asSchool, (tx) => findSealKey(tx, school));
    const signer = key === null ? null : await openSealKey(key, gateway.keys);
    if (signer === null) throw new Error('no seal key');
    const [copy] = await copiesOf(await lastIssued());
    const statement = await statementIn(await fileOf(copy?.id ?? ''));
    const compact = await signCertificateProof(statement, signer);
    // With the address of the verifier it still fits into a code of 37 mm to 48 mm.
    expect(compact.length).toBeLessThan(850);
    const leaf = parseX509Certificate(signer.chain[0] ?? new Uint8Array());
    const verifier = leaf.ok
      ? await importVerificationKey({ spki: leaf.value.publicKey.spki }, signer.algorithm)
      : null;
    const verified = await verifyJws({
      jws: compact,
      typ: proofType,
      keyFrom: () => (verifier === null ? null : { key: verifier }),
      algorithms: [signer.algorithm],
    });
    expect(verified).toMatchObject({ ok: true });
    const [, payload = ''] = compact.split('.');
    const proof = certificateProof.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    expect(proof).toMatchObject({ no: statement.number, school, birth: '2011-04-02', code: copy?.code });
  });

  it('tells anybody with the code whether it counts, and nothing about whose it is', async () => {
    const [copy] = await copiesOf(await lastIssued());
    const anybody = await fetch(`${world.origin}/api/certificate-states/${copy?.code}`);
    const text = await anybody.text();
    expect(JSON.parse(text)).toMatchObject({ state: 'valid', number: copy?.number, kind: 'enrolmentCertificate' });
    expect(text).not.toMatch(/葛|さくら|2011|pupil/);
    for (const code of ['AAAAAAAAAAAAAAAA', 'x', `${copy?.code}A`]) {
      expect((await fetch(`${world.origin}/api/certificate-states/${code}`)).status).toBe(404);
    }
  });

  it('is for the pupil, whoever asked, and the office; for everybody else it does not exist', async () => {
    const mayumi = await openLinkedSession(world, 'mayumi', 'juniorHigh');
    const id = await asked(mayumi, { copies: 1 });
    await approved(id);
    const [certificate] = (await reached(id, 'issued')).certificates;
    const path = `/api/issued-certificates/${certificate?.id}`;
    for (const by of [mayumi, sakura, clerk, principal])
      expect((await fileOf(certificate?.id ?? '', by)).length).toBeGreaterThan(9_000);
    const kenichi = await openLinkedSession(world, 'kenichi', 'juniorHigh');
    const strangers = [kenichi, await openPersonSession(world, 'kamome'), await world.as('cityHigh-clerk')];
    for (const by of strangers) expect(refusalIn(await by.json('GET', path))).toBe('404 certificate.not-found');
    const teacher = await world.as('juniorHigh-homeroomTeacher');
    expect(refusalIn(await teacher.json('GET', path))).toBe('403 policy.denied');
    expect((await fetch(`${world.origin}${path}`)).status).toBe(401);
  });

  it('is revoked by two persons, for everybody with the code at once, and never handed out again', async () => {
    const id = await asked(sakura, { copies: 1 });
    await approved(id);
    const [certificate] = (await reached(id, 'issued')).certificates;
    const path = `/api/issued-certificates/${certificate?.id}`;
    const [copy] = await copiesOf(id);
    const state = async () =>
      (await (await fetch(`${world.origin}/api/certificate-states/${copy?.code}`)).json()) as unknown;
    expect(refusalIn(await principal.json('POST', `${path}/revocation/confirmation`))).toBe(
      '409 certificate.wrong-state',
    );
    expect(refusalIn(await principal.json('POST', `${path}/revocation`, { reason: 'error' }))).toBe(
      '403 policy.denied',
    );
    bodyOf(await clerk.json('POST', `${path}/revocation`, { reason: 'error' }));
    expect((await events('certificate.revocation-asked'))[0]).toBe('done');
    expect(await state()).toMatchObject({ state: 'valid', reason: null });
    // The holder is told that the school considers it.
    expect(bodyOf(await sakura.json('GET', `${own}/${id}`)).certificates[0]).toMatchObject({ revocation: 'error' });
    expect(refusalIn(await clerk.json('POST', `${path}/revocation`, { reason: 'fraud' }))).toBe(
      '409 certificate.wrong-state',
    );
    expect(refusalIn(await clerk.json('POST', `${path}/revocation/confirmation`))).toBe('403 policy.denied');
    const asker = (revocationAskedBy: string) =>
      world.running.gateway.database.transaction(asSchool, (tx) =>
        tx
          .update(issuedCertificates)
          .set({ revocationAskedBy })
          .where(eq(issuedCertificates.id, copy?.id ?? '')),
      );
    await asker('juniorHigh-principal');
    expect(refusalIn(await principal.json('POST', `${path}/revocation/confirmation`))).toBe(
      '403 certificate.own-check',
    );
    await asker('juniorHigh-clerk');
    bodyOf(await principal.json('POST', `${path}/revocation/confirmation`));
    expect((await events('certificate.revoked'))[0]).toBe('done');
    expect(await state()).toMatchObject({ state: 'revoked', reason: 'error' });
    expect(refusalIn(await sakura.json('GET', path))).toBe('410 certificate.revoked');
    expect(refusalIn(await principal.json('POST', `${path}/revocation/confirmation`))).toBe(
      '409 certificate.wrong-state',
    );
    const stranger = await world.as('cityHigh-clerk');
    expect(refusalIn(await stranger.json('POST', `${path}/revocation`, { reason: 'error' }))).toBe(
      '404 certificate.not-found',
    );
  });

  it('issues at once what the standing rule opens, to who has logged in with a card', async () => {
    const id = await asked(sakura, { kind: 'transcript', copies: 1 });
    const { certificates } = await reached(id, 'issued');
    expect(certificates).toHaveLength(1);
    expect(bodyOf(await sakura.json('GET', `${own}/${id}`))).toMatchObject({ approval: 'rule', checkedAt: null });
  });

  it('leaves to people what the standing rule cannot: a paper log-in, or an entry that is missing', async () => {
    const fumi = await openLinkedSession(world, 'fumi', 'juniorHigh');
    const id = await asked(fumi, { pupilId: 'pupil-02', kind: 'transcript' });
    await vi.waitFor(
      async () => {
        const { body } = await clerk.json('GET', `${office}/${id}`);
        expect(body).toMatchObject({ request: { state: 'requested', problem: { code: 'certificate.entry-missing' } } });
      },
      { timeout: 30_000, interval: 200 },
    );
    expect((await events('certificate.sent-back'))[0]).toBe('done');
    await enterPupil(world, 'pupil-02', {
      officialName: '辻　一',
      subjects: [{ schoolYear: 2025, name: '国語', credits: null, grade: 4 }],
    });
    await world.running.gateway.database.transaction(asSchool, (tx) =>
      tx.update(certificateRequests).set({ assurance: 'schoolCode' }).where(eq(certificateRequests.id, id)),
    );
    await issueHandler(world.running.gateway)(jobFor(id), AbortSignal.timeout(20_000));
    expect(await copiesOf(id)).toEqual([]);
    await approved(id);
    await reached(id, 'issued');
  });

  function jobFor(request: string) {
    return { id: 'test', kind: 'certificate.issue', payload: { request, school }, attempt: 1, createdAt: new Date() };
  }

  it('does nothing when the job comes again, also twice at once', async () => {
    const id = await asked(sakura, { copies: 1 });
    await approved(id);
    const handler = issueHandler(world.running.gateway);
    await Promise.allSettled([1, 2, 3].map(() => handler(jobFor(id), AbortSignal.timeout(20_000))));
    await reached(id, 'issued');
    await handler(jobFor(id), AbortSignal.timeout(20_000));
    const copies = await copiesOf(id);
    expect(copies).toHaveLength(1);
    expect((await fileOf(copies[0]?.id ?? '')).length).toBeGreaterThan(9_000);
  });

  it('stays approved while no time stamp is to be had, and is issued afterwards under the same number', async () => {
    const id = await asked(sakura, { copies: 1 });
    await approved(id);
    await reached(id, 'issued').catch(() => undefined);
    const other = await asked(sakura, { copies: 1 });
    bodyOf(await clerk.json('POST', `${office}/${other}/check`));
    const { gateway } = world.running;
    const [row] = await gateway.database.transaction(asSchool, (tx) =>
      tx
        .update(certificateRequests)
        .set({ state: 'approved', approvedBy: 'juniorHigh-principal' })
        .where(eq(certificateRequests.id, other))
        .returning(),
    );
    const silent = {
      ...gateway,
      timestamps: { stamp: () => Promise.resolve({ ok: false, fault: 'unreachable' } as const) },
    };
    await expect(issueHandler(silent as typeof gateway)(jobFor(other), AbortSignal.timeout(20_000))).rejects.toThrow();
    const [reserved] = await copiesOf(other);
    expect([row?.state, reserved?.state, reserved?.objectId]).toEqual(['approved', 'issuing', null]);
    expect(refusalIn(await sakura.json('GET', `/api/issued-certificates/${reserved?.id}`))).toBe(
      '404 certificate.not-found',
    );
    expect((await fetch(`${world.origin}/api/certificate-states/${reserved?.code}`)).status).toBe(404);
    await issueHandler(gateway)(jobFor(other), AbortSignal.timeout(20_000));
    const [issued] = await copiesOf(other);
    expect([issued?.state, issued?.number]).toEqual(['valid', reserved?.number]);
  });

  it('goes back to the office when the register has changed after the approval, or no key may seal', async () => {
    const id = await asked(sakura, { copies: 1 });
    bodyOf(await clerk.json('POST', `${office}/${id}/check`));
    const { gateway } = world.running;
    await gateway.database.transaction(asSchool, (tx) =>
      tx
        .update(certificateRequests)
        .set({ state: 'approved', contentDigest: 'other' })
        .where(eq(certificateRequests.id, id)),
    );
    await issueHandler(gateway)(jobFor(id), AbortSignal.timeout(20_000));
    expect((await reached(id, 'requested')).problem).toEqual({ code: 'certificate.content-changed' });
    bodyOf(await clerk.json('POST', `${office}/${id}/check`));
    const key = await gateway.database.transaction(asSchool, (tx) => findSealKey(tx, school));
    const exchange = (fingerprint: string) =>
      gateway.database.transaction(asSchool, (tx) =>
        tx
          .update(sealKeys)
          .set({ fingerprint })
          .where(eq(sealKeys.id, key?.id ?? '')),
      );
    await exchange('0'.repeat(64));
    bodyOf(await principal.json('POST', `${office}/${id}/approval`));
    expect((await reached(id, 'requested')).problem).toEqual({ code: 'seal.key-doubted' });
    expect(await copiesOf(id)).toEqual([]);
  });
});
