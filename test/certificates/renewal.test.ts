import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { renewCertificates } from '../../src/certificates/renewal/renew-certificates.ts';
import { certificateEvidence, issuedCertificates, renewalJob } from '../../src/certificates/tables.ts';
import { suiteOf } from '../../src/crypto/algorithm-suites.ts';
import { verifyPdf } from '../../src/crypto/pdf/verify/verify-pdf.ts';
import { timestampService } from '../../src/crypto/timestamp.ts';
import { signTrustList } from '../../src/crypto/trust-list.ts';
import { crlSource } from '../../src/crypto/x509/crl.ts';
import { derToPem } from '../../src/crypto/x509/pem.ts';
import type { Gateway } from '../../src/gateway.ts';
import { noPaper } from '../../src/verification/paper.ts';
import { verifyPdfFile } from '../../src/verification/pdf.ts';
import { outcomeOf } from '../../src/verification/report.ts';
import { hikitsugi } from '../cli/support/command-line.ts';
import { createTestAuthority } from '../crypto/support/authorities.ts';
import { bodyOf, refusalIn } from '../hostile/support/procedure.ts';
import { openLinkedSession } from '../hostile/support/sessions.ts';
import { day, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { type Era, openEra } from '../support/eras.ts';
import type { Session } from '../support/session.ts';
import { enterPupil, openOffice, wish } from './support/office.ts';

const years = (count: number) => Math.round(count * 365) * day;
/** The development authority ends with RSA-2048, a little over four years from now; each later one lasts five years. */
const renewedAfter = [3.8, 8.5, 13.2, 17.8];

describe('the evidence in issued certificates', { timeout: 120_000 }, () => {
  let world: HostileWorld;
  let sakura: Session;
  let clerk: Session;
  let principal: Session;
  let eras: readonly Era[];
  let began: Date;
  /** How far the clock of the world has been moved. */
  let passed = 0;
  const opened: Era[] = [];

  beforeAll(async () => {
    world = await openHostileWorld();
    began = world.clock.now();
    await openOffice(world);
    sakura = await openLinkedSession(world, 'sakura', 'juniorHigh');
    clerk = await world.as('juniorHigh-clerk');
    principal = await world.as('juniorHigh-principal');
    await enterPupil(world, 'pupil-01');
    eras = await Promise.all(renewedAfter.map((count) => openEra(new Date(began.getTime() + years(count)))));
    opened.push(...eras);
  }, 120_000);
  afterAll(async () => {
    await Promise.all(opened.map((era) => era.close()));
    await world?.close();
  });

  interface Copy {
    readonly id: string;
    readonly code: string;
  }
  async function issued(): Promise<Copy> {
    const { id } = bodyOf(await sakura.json('POST', '/api/own-certificates', { ...wish, copies: 1 }));
    const path = `/api/certificate-requests/${id}`;
    bodyOf(await clerk.json('POST', `${path}/check`));
    bodyOf(await principal.json('POST', `${path}/approval`));
    const certificateId = await vi.waitFor(
      async () => {
        const { request } = (await clerk.json('GET', path)).body as never as {
          request: { state: string; certificates: { id: string }[] };
        };
        if (request.state !== 'issued') throw new Error(request.state);
        return request.certificates[0]?.id ?? '';
      },
      { timeout: 30_000, interval: 200 },
    );
    const [row] = await world.job(renewalJob, (tx) =>
      tx.select().from(issuedCertificates).where(eq(issuedCertificates.id, certificateId)),
    );
    return { id: certificateId, code: row?.code ?? '' };
  }
  async function fileOf({ id }: Copy): Promise<Uint8Array> {
    const answer = await sakura.send('GET', `/api/issued-certificates/${id}`);
    expect(answer.status).toBe(200);
    return new Uint8Array(await answer.arrayBuffer());
  }
  const stateOf = async ({ code }: Copy) =>
    (await (await fetch(`${world.origin}/api/certificate-states/${code}`)).json()) as never as { files: string[] };
  const evidenceOf = async ({ id }: Copy) => {
    const [row] = await world.job(renewalJob, (tx) =>
      tx.select().from(certificateEvidence).where(eq(certificateEvidence.certificateId, id)),
    );
    return row;
  };
  function at(count: number): void {
    world.clock.pass(years(count) - passed);
    passed = years(count);
  }
  /** The gateway as it would be configured then: every authority there was, and the lists of that day. */
  async function gatewayWith(era: Era | null): Promise<Gateway> {
    const { gateway } = world.running;
    await world.demo.authorities.reissueCrls();
    const now = gateway.clock.now();
    const known = eras.filter((one) => one.at <= now);
    const lists = [...(await gateway.revocationLists()), ...(await Promise.all(known.map((one) => one.listAt(now))))];
    const authority = {
      url: gateway.settings.TSA_URL,
      anchors: gateway.trust.time,
      timeoutMs: 5_000,
      clock: gateway.clock,
    };
    return {
      ...gateway,
      timestamps: era?.timestamps ?? timestampService([{ ...authority, revocation: crlSource(lists, { now }) }]),
      revocationLists: () => Promise.resolve(lists),
      trust: {
        ...gateway.trust,
        time: [...gateway.trust.time, ...known.map(({ anchor }) => anchor)],
        revocation: crlSource(lists, { now }),
      },
    };
  }
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const one = { renewed: 0, standing: 0, failed: 0 };

  it('is looked at once, and again half a year before it ends', async () => {
    const copy = await issued();
    expect(await renewCertificates(world.running.gateway)).toEqual({ ...one, standing: 1 });
    const { endsAt } = suiteOf({ kind: 'rsa', bits: 2048 });
    const lookAt = new Date(endsAt.getTime() - 180 * day);
    expect(await evidenceOf(copy)).toMatchObject({ countsUntil: endsAt, lookAt, problem: null });
    expect(await renewCertificates(world.running.gateway)).toEqual(one);
    await revoke(copy);
  });

  async function revoke({ id }: Copy): Promise<void> {
    bodyOf(await clerk.json('POST', `/api/issued-certificates/${id}/revocation`, { reason: 'error' }));
    bodyOf(await principal.json('POST', `/api/issued-certificates/${id}/revocation/confirmation`));
  }

  it('stands for twenty years by renewals, and the holder’s next download is the renewed file', async () => {
    const copy = await issued();
    const first = await fileOf(copy);
    expect(await renewCertificates(world.running.gateway)).toEqual({ ...one, standing: 1 });
    const digests = [sha256(first)];
    for (const [index, era] of eras.entries()) {
      at(renewedAfter[index] ?? 0);
      expect(await renewCertificates(await gatewayWith(era))).toEqual({ ...one, renewed: 1 });
      const { files } = await stateOf(copy);
      expect(files.slice(1)).toEqual(digests);
      digests.unshift(files[0] ?? '');
    }
    at(20);
    const then = await gatewayWith(null);
    at(0);
    const renewed = await fileOf(copy);
    expect([sha256(renewed), new Set(digests).size]).toEqual([digests[0], 5]);
    expect(Buffer.from(renewed.subarray(0, first.length)).equals(Buffer.from(first))).toBe(true);
    const rows = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.name, 'certificate.renewed')),
    );
    expect(rows.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done', 'done']);
    await atYear20(then, { first, renewed });
  });

  /** The verifier of packages, `/verify` and the command, each with the lists of that day alone. */
  async function atYear20(then: Gateway, files: { readonly first: Uint8Array; readonly renewed: Uint8Array }) {
    const now = new Date(began.getTime() + years(20));
    const { seal, time, person, evidence } = then.trust;
    const last = eras.at(-1);
    const lists = last === undefined ? [] : [await last.listAt(now)];
    const trust = { seal, time, person, evidence, revocation: crlSource(lists, { now }), logKeys: [], at: now };
    const given = { anchors: seal, timestampAnchors: time, revocation: trust.revocation, at: now };
    const report = await verifyPdf(files.renewed, given);
    const [sealed] = report.signatures;
    expect([sealed?.level.status, sealed?.time.by]).toEqual(['B-LTA', 'signature-timestamp']);
    expect(Math.abs((sealed?.time.judgedAt.getTime() ?? 0) - began.getTime())).toBeLessThan(day);
    expect(outcomeOf((await verifyPdfFile(files.renewed, trust, noPaper)).verdicts)).toBe('valid');
    const without = await verifyPdfFile(files.first, trust, noPaper);
    expect(outcomeOf(without.verdicts)).not.toBe('valid');
    expect(without.verdicts.find(({ question }) => question === 'time')).toMatchObject({
      word: 'notChecked',
      reasons: ['algorithm-ended'],
    });
    const folder = await trustFolder(then, { now, lists });
    await writeFile(join(folder, 'renewed.pdf'), files.renewed);
    await writeFile(join(folder, 'first.pdf'), files.first);
    const options = ['--trust', join(folder, 'trust'), '--crl', join(folder, 'crl')];
    const good = await hikitsugi(['verify', join(folder, 'renewed.pdf'), ...options], { now, locale: 'en' });
    const lapsed = await hikitsugi(['verify', join(folder, 'first.pdf'), ...options], { now, locale: 'en' });
    await rm(folder, { recursive: true });
    expect([good.exit, good.out]).toEqual([0, expect.stringContaining('B-LTA')]);
    expect(lapsed.exit).not.toBe(0);
    expect(lapsed.out).toContain('it was not renewed before');
  }

  async function trustFolder(then: Gateway, { now, lists }: { now: Date; lists: readonly Uint8Array[] }) {
    const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-year20-'));
    const operator = await (await createTestAuthority('運営', now)).issue({ algorithm: 'ES256', name: 'gateway' });
    const anchors = (['seal', 'time'] as const).flatMap((purpose) =>
      then.trust[purpose].map((anchor) => ({ purpose, anchor })),
    );
    const about = { serial: 1, issuedAt: now, expiresAt: new Date(now.getTime() + 400 * day), logKeys: [] };
    const list = await signTrustList({ version: 'hikitsugi-trust/2', anchors, ...about }, operator.signer);
    await Promise.all(['trust', 'crl'].map((name) => mkdir(join(folder, name))));
    await writeFile(join(folder, 'trust', 'trust.json'), JSON.stringify(list));
    await writeFile(join(folder, 'trust', 'gateway-evidence.pem'), derToPem(operator.certificate, 'CERTIFICATE'));
    for (const [index, der] of lists.entries()) await writeFile(join(folder, 'crl', `${index}.crl`), der);
    return folder;
  }

  describe('when something is missing', () => {
    let copy: Copy;
    let before: Uint8Array;
    afterEach(() => at(0));
    beforeAll(async () => {
      at(0);
      copy = await issued();
      before = await fileOf(copy);
      await renewCertificates(world.running.gateway);
    });

    it('stays as it was while the authority gives no time, or none that lasts longer, and is tried again', async () => {
      at(3.8);
      const era = eras[0] ?? null;
      const silent = { stamp: () => Promise.resolve({ ok: false, fault: 'unreachable' } as const) };
      expect(await renewCertificates({ ...(await gatewayWith(era)), timestamps: silent })).toMatchObject({ failed: 1 });
      expect(await evidenceOf(copy)).toMatchObject({ problem: 'unreachable' });
      expect(await renewCertificates(await gatewayWith(era))).toEqual(one);
      at(3.85);
      expect(await renewCertificates(await gatewayWith(null))).toEqual({ ...one, failed: 1 });
      expect(await evidenceOf(copy)).toMatchObject({ problem: 'nothing-gained' });
      at(0);
      expect(await fileOf(copy)).toEqual(before);
    });

    it('stays as it was when the last step fails, and is taken up by a later round', async () => {
      at(3.9);
      const gateway = await gatewayWith(await eraAt(3.9));
      const markStored = () => Promise.reject(new Error('the connection is gone'));
      expect(await renewCertificates({ ...gateway, locker: { ...gateway.locker, markStored } })).toEqual({
        ...one,
        failed: 1,
      });
      const state = await stateOf(copy);
      expect(state.files).toEqual([sha256(before)]);
      at(3.9 + 1 / 365);
      const again = await gatewayWith(await eraAt(3.9 + 1 / 365));
      const rounds = await Promise.all([renewCertificates(again), renewCertificates(again)]);
      expect(rounds.reduce((sum, { renewed }) => sum + renewed, 0)).toBe(1);
      expect((await stateOf(copy)).files.slice(1)).toEqual([sha256(before)]);
      at(0);
      expect((await fileOf(copy)).length).toBeGreaterThan(before.length);
    });

    it('is nobody’s business any more once the certificate is revoked', async () => {
      const other = await issued();
      await renewCertificates(world.running.gateway);
      await revoke(other);
      at(3.9);
      expect(await renewCertificates(await gatewayWith(await eraAt(3.9)))).toEqual(one);
      expect(await evidenceOf(other)).toMatchObject({ lookAt: null });
      at(0);
      expect(refusalIn(await sakura.json('GET', `/api/issued-certificates/${other.id}`))).toBe(
        '410 certificate.revoked',
      );
    });
  });

  /** One more authority, of this very day: the stamp has to be near the gateway's clock. */
  async function eraAt(count: number): Promise<Era> {
    const era = await openEra(new Date(began.getTime() + years(count)));
    opened.push(era);
    eras = [...eras, era];
    return era;
  }
});
