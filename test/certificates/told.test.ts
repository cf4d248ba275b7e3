import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { guardians } from '../../src/identity/guardians/tables.ts';
import { bodyOf, refusalIn } from '../hostile/support/procedure.ts';
import { openLinkedSession } from '../hostile/support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { enterPupil, openOffice, wish } from './support/office.ts';

const own = '/api/own-certificates';
const office = '/api/certificate-requests';
const issued = '/api/issued-certificates';

interface Copy {
  readonly id: string;
  readonly number: string;
  readonly state: string;
}

/** Mayumi and Kenichi are guardians of Sakura with joint custody; Mayumi asks. */
describe('what becomes of a certificate', { timeout: 90_000 }, () => {
  let world: HostileWorld;
  let sakura: Session;
  let mayumi: Session;
  let kenichi: Session;
  let clerk: Session;
  let principal: Session;

  beforeAll(async () => {
    world = await openHostileWorld();
    await openOffice(world);
    sakura = await openLinkedSession(world, 'sakura', 'juniorHigh');
    mayumi = await openLinkedSession(world, 'mayumi', 'juniorHigh');
    kenichi = await openLinkedSession(world, 'kenichi', 'juniorHigh');
    clerk = await world.as('juniorHigh-clerk');
    principal = await world.as('juniorHigh-principal');
    await enterPupil(world, 'pupil-01');
  }, 120_000);
  afterAll(() => world?.close());

  async function issue(id: string): Promise<readonly Copy[]> {
    bodyOf(await clerk.json('POST', `${office}/${id}/check`));
    bodyOf(await principal.json('POST', `${office}/${id}/approval`));
    return vi.waitFor(
      async () => {
        const { request } = bodyOf(await clerk.json('GET', `${office}/${id}`)) as never as {
          request: { state: string; certificates: readonly Copy[] };
        };
        if (request.state !== 'issued') throw new Error(`still ${request.state}`);
        return request.certificates;
      },
      { timeout: 30_000, interval: 200 },
    );
  }
  /** What stands on somebody's page about certificates, newest first, once that many lines are there. */
  function told(whom: Session, subject: string, count: number) {
    return vi.waitFor(
      async () => {
        const { notices } = (await whom.json('GET', '/api/notices')).body as never as {
          notices: readonly { subject: string; requestId: string | null }[];
        };
        const found = notices.filter((one) => one.subject === subject);
        if (found.length < count) throw new Error(`${found.length} of ${count}: ${subject}`);
        return found.map(({ requestId }) => requestId);
      },
      { timeout: 20_000, interval: 200 },
    );
  }
  async function mailsTo(guardian: string): Promise<readonly string[]> {
    const folder = world.demo.environment['MAIL_DIRECTORY'] ?? '';
    const names = await readdir(folder);
    const mails = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    return mails
      .filter((mail) => mail.includes(`To: ${guardian}@example.jp`))
      .map((mail) => Buffer.from(mail.split('\r\n\r\n')[1] ?? '', 'base64').toString('utf8'));
  }
  function setGuardian(id: string, changes: Partial<typeof guardians.$inferSelect>) {
    return world.job('linking', (tx) => tx.update(guardians).set(changes).where(eq(guardians.id, id)));
  }
  async function ownCopy(by: Session, id: string) {
    const { certificates } = bodyOf(await by.json('GET', `${own}/${id}`)) as never as {
      certificates: readonly Record<string, unknown>[];
    };
    return certificates[0];
  }

  it('is told to the holder and to who asked, step by step, and in a mail that holds a number and no name', async () => {
    const { id } = bodyOf(await mayumi.json('POST', own, { ...wish, copies: 1 }));
    const [copy] = await issue(id);
    const path = `${issued}/${copy?.id}/revocation`;
    bodyOf(await clerk.json('POST', path, { reason: 'error' }));
    expect(await told(sakura, 'certificate-revocation-asked', 1)).toEqual([id]);
    expect(await told(mayumi, 'certificate-revocation-asked', 1)).toEqual([id]);
    // The other parent is told, and has no page of it to be led to.
    expect(await told(kenichi, 'certificate-revocation-asked', 1)).toEqual([null]);
    expect(await ownCopy(sakura, id)).toMatchObject({ state: 'valid', revocation: 'error', declined: null });

    bodyOf(await principal.json('POST', `${path}/refusal`, { reason: 'correct' }));
    expect(await told(sakura, 'certificate-kept', 1)).toEqual([id]);
    expect(await ownCopy(mayumi, id)).toMatchObject({ state: 'valid', revocation: null, declined: 'correct' });

    bodyOf(await clerk.json('POST', path, { reason: 'fraud' }));
    bodyOf(await clerk.json('POST', `${path}/withdrawal`));
    expect(await told(mayumi, 'certificate-kept', 2)).toEqual([id, id]);
    expect(await ownCopy(mayumi, id)).toMatchObject({ state: 'valid', revocation: null });

    bodyOf(await clerk.json('POST', path, { reason: 'fraud' }));
    bodyOf(await principal.json('POST', `${path}/confirmation`));
    expect(await told(sakura, 'certificate-revoked', 1)).toEqual([id]);
    expect(await told(mayumi, 'certificate-revoked', 1)).toEqual([id]);
    expect(await ownCopy(sakura, id)).toMatchObject({ state: 'revoked', revocation: 'fraud' });

    const mails = await vi.waitFor(
      async () => {
        const all = await mailsTo('guardian-mayumi');
        if (!all.some((mail) => mail.includes('失効しました'))) throw new Error('not mailed yet');
        return all;
      },
      { timeout: 20_000, interval: 200 },
    );
    const asked = mails.find((mail) => mail.includes('失効を検討しています'));
    expect(asked).toContain(`${world.origin}/own-certificates/${id}`);
    expect(asked).toContain('considers revoking a certificate');
    expect(asked).not.toMatch(/葛|さくら|見本|第\d|Sakura/);
    const other = (await mailsTo('guardian-kenichi')).find((mail) => mail.includes('失効を検討しています'));
    expect(other).toContain(`${world.origin}/links`);
    expect(other).not.toContain(id);
  });

  it('leads whoever asked from the replaced one to the new one', async () => {
    const { id } = bodyOf(await mayumi.json('POST', own, { ...wish, copies: 1 }));
    const [old] = await issue(id);
    const replacing = bodyOf(await clerk.json('POST', `${issued}/${old?.id}/replacement`, { reason: 'correction' }));
    const [fresh] = await issue(replacing.id);
    expect(await told(sakura, 'certificate-superseded', 1)).toEqual([id]);
    expect(await told(mayumi, 'certificate-superseded', 1)).toEqual([id]);
    expect(await ownCopy(mayumi, id)).toMatchObject({
      state: 'superseded',
      replacedBy: { request: replacing.id, number: fresh?.number },
    });
  });

  it('is told to who asked although they have lost custody since, but not in a dispute', async () => {
    const { id } = bodyOf(await mayumi.json('POST', own, { ...wish, copies: 1 }));
    const [copy] = await issue(id);
    const path = `${issued}/${copy?.id}/revocation`;
    const before = (await told(mayumi, 'certificate-revocation-asked', 1)).length;
    await setGuardian('guardian-mayumi', { custody: 'none' });
    bodyOf(await clerk.json('POST', path, { reason: 'error' }));
    expect(await told(mayumi, 'certificate-revocation-asked', before + 1)).toContain(id);
    await setGuardian('guardian-mayumi', { state: 'disputed' });
    bodyOf(await clerk.json('POST', `${path}/withdrawal`));
    await told(sakura, 'certificate-kept', 3);
    await setGuardian('guardian-mayumi', { custody: 'joint', state: 'confirmed' });
    expect(await told(mayumi, 'certificate-kept', 2)).toHaveLength(2);
  });

  it('may be asked for a minor by whoever has custody, and by nobody who may only see', async () => {
    await setGuardian('guardian-kenichi', { custody: 'none' });
    expect(refusalIn(await kenichi.json('POST', own, wish))).toBe('403 certificate.no-custody');
    expect(bodyOf(await kenichi.json('GET', own))).toMatchObject({ offers: [] });
    const { id } = bodyOf(await mayumi.json('POST', own, { ...wish, copies: 1 }));
    const [copy] = await issue(id);
    // Not even when it was issued to the other parent, and then is said to be lost.
    expect(refusalIn(await kenichi.json('POST', `${issued}/${copy?.id}/loss`, { consent: true }))).toBe(
      '404 certificate.not-found',
    );
    // 民法859条: a guardian by law represents the child, though no parent.
    await setGuardian('guardian-kenichi', { relation: 'minorGuardian' });
    const asked = bodyOf(await kenichi.json('POST', own, wish));
    bodyOf(await kenichi.json('POST', `${own}/${asked.id}/withdrawal`));
    await setGuardian('guardian-kenichi', { relation: 'father', custody: 'joint' });
  });

  it('may not be asked for by a guardian without sight of the records, in dispute, or after the last day', async () => {
    const isRefused = async () => {
      expect(refusalIn(await kenichi.json('POST', own, wish))).toBe('404 pupil.not-found');
      expect(bodyOf(await kenichi.json('GET', own))).toMatchObject({ offers: [] });
    };
    await setGuardian('guardian-kenichi', { seesRecords: false });
    await isRefused();
    await setGuardian('guardian-kenichi', { seesRecords: true, state: 'disputed' });
    await isRefused();
    await setGuardian('guardian-kenichi', { state: 'confirmed', validUntil: '2026-01-01' });
    await isRefused();
    await setGuardian('guardian-kenichi', { validUntil: null });
    const asked = bodyOf(await kenichi.json('POST', own, wish));
    expect(asked).toMatchObject({ relation: 'guardian', school: codeOf('juniorHigh') });
  });
});
