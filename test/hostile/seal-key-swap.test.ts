import { randomBytes } from 'node:crypto';
import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { appendEvent } from '../../src/audit/append.ts';
import { detailSealer } from '../../src/audit/detail-sealer.ts';
import { auditEvents } from '../../src/audit/tables.ts';
import { demoPassword } from '../../src/demo/person-certificates.ts';
import { writePkcs12 } from '../../src/demo/pkcs12.node.ts';
import type { DemoSchoolKey } from '../../src/demo/schools.ts';
import { demoMail } from '../../src/demo/staff.ts';
import { type WrappedSealKey, wrapSealKey } from '../../src/records/seal-keys.ts';
import { sealKeys } from '../../src/records/tables.ts';
import { watchSealKeys } from '../../src/transfers/seal-key-standing.ts';
import { administratorAt, confirm } from '../administration/support/people.ts';
import { mailsOf } from './support/mails.ts';
import { caseAt, refusalIn } from './support/procedure.ts';
import { codeOf, type HostileWorld, openHostileWorld } from './support/world.ts';

describe('a seal key that was swapped behind the gateway’s back', { timeout: 60_000 }, () => {
  let world: HostileWorld;

  beforeAll(async () => {
    world = await openHostileWorld({ LOG_INTERVAL_MS: '100' });
    await Promise.all(['juniorHigh', 'cityHigh'].map((school) => world.as(`${school}-principal`)));
  }, 120_000);
  afterAll(() => world?.close());

  const inForce = (school: DemoSchoolKey) => and(eq(sealKeys.schoolCode, codeOf(school)), isNull(sealKeys.retiredAt));

  /** What somebody does who can write into the database as they like. */
  async function tamper(school: DemoSchoolKey, values: Partial<typeof sealKeys.$inferInsert>): Promise<void> {
    await world.job('directory', (tx) => tx.update(sealKeys).set(values).where(inForce(school)));
  }

  /** Another school’s key, good in itself and wrapped by the right key service. */
  async function foreignKey(): Promise<WrappedSealKey> {
    const seal = world.demo.authorities.seals.get(codeOf('prefecturalHigh'));
    if (seal === undefined) throw new Error('the school has a seal');
    const { keys, trust, clock } = world.running.gateway;
    const of = { privateKey: seal.pkcs8, chain: seal.chain, school: codeOf('prefecturalHigh') };
    const wrapped = await wrapSealKey(of, { keys, trust, now: clock.now() });
    if (!wrapped.ok) throw new Error('the key is good where it belongs');
    return wrapped.value;
  }

  async function trySeal(school: DemoSchoolKey): Promise<string> {
    const made = await caseAt(world, { upTo: 'approved', from: school, to: 'prefecturalHigh' });
    const clerk = await world.as(`${school}-clerk`);
    const confirmation = codeOf('prefecturalHigh').slice(-4);
    const answer = await clerk.json('POST', `/api/cases/${made.id}/seal`, { confirmation });
    return answer.status === 200 ? answer.body.state : refusalIn(answer);
  }

  async function registerAgain(school: DemoSchoolKey): Promise<void> {
    const seal = world.demo.authorities.seals.get(codeOf(school));
    if (seal === undefined) throw new Error('the school has a seal');
    const pkcs12 = Buffer.from(await writePkcs12(seal, demoPassword, 'own')).toString('base64');
    const principal = await world.as(`${school}-principal`);
    const proposed = await principal.json('PUT', '/api/seal-key', { pkcs12, password: demoPassword });
    expect(proposed.status).toBe(202);
    expect((await confirm(await administratorAt(world, school), proposed.body.proposalId)).status).toBe(200);
  }

  async function history(school: DemoSchoolKey): Promise<readonly string[]> {
    const answer = await (await world.as(`${school}-principal`)).json('GET', '/api/seal-key/history');
    return answer.body.items.map(({ standing, retiredAt }) => `${standing}${retiredAt === null ? ', in force' : ''}`);
  }

  function doubts(school: DemoSchoolKey) {
    const named = and(eq(auditEvents.name, 'seal-key.doubted'), eq(auditEvents.organisation, codeOf(school)));
    return world.job('ledger', (tx) => tx.select().from(auditEvents).where(named).orderBy(asc(auditEvents.at)));
  }

  async function alarmsTo(address: string): Promise<number> {
    return (await mailsOf(world)).filter(({ to, text }) => to === address && /Sealing has stopped/.test(text)).length;
  }

  it('A-13 seals nothing more, tells the principal once, and goes on when two persons have registered again', async () => {
    expect(await trySeal('juniorHigh')).toBe('sealed');
    expect(await history('juniorHigh')).toEqual(['confirmed, in force']);
    const [own] = await world.job('directory', (tx) => tx.select().from(sealKeys).where(inForce('juniorHigh')));
    await tamper('juniorHigh', await foreignKey());
    expect(await trySeal('juniorHigh')).toBe('409 seal.key-doubted');
    expect(await trySeal('juniorHigh')).toBe('409 seal.key-doubted');
    expect(await history('juniorHigh')).toEqual(['doubted, in force']);
    const page = await (await (await world.as('juniorHigh-principal')).send('GET', '/seal-key')).text();
    expect(page).toContain('台帳の記録と一致しない鍵が使われようとしています');
    // Put back as it was, it stays shut: somebody has been there.
    if (own === undefined) throw new Error('the school had a key');
    const { chain, fingerprint, wrappedKey, sealedPrivateKey, rootRef, algorithm } = own;
    await tamper('juniorHigh', { chain, fingerprint, wrappedKey, sealedPrivateKey, rootRef, algorithm });
    expect(await trySeal('juniorHigh')).toBe('409 seal.key-doubted');
    expect(await doubts('juniorHigh')).toMatchObject([{ outcome: 'done', actorRole: 'clerk', personVisible: false }]);
    await vi.waitFor(async () => expect(await alarmsTo(demoMail('juniorHigh-principal'))).toBe(1), { timeout: 20_000 });
    await registerAgain('juniorHigh');
    expect(await trySeal('juniorHigh')).toBe('sealed');
    expect(await history('juniorHigh')).toEqual(['confirmed, in force', 'doubted']);
    expect(await alarmsTo(demoMail('juniorHigh-principal'))).toBe(1);
  });

  it('A-13 does not seal with a former key that was put back in force', async () => {
    await registerAgain('juniorHigh');
    await vi.waitFor(
      async () => expect(await history('juniorHigh')).toEqual(['confirmed, in force', 'confirmed', 'doubted']),
      { timeout: 20_000 },
    );
    const school = eq(sealKeys.schoolCode, codeOf('juniorHigh'));
    await world.job('directory', async (tx) => {
      const [newest, former] = await tx.select().from(sealKeys).where(school).orderBy(desc(sealKeys.addedAt));
      await tx
        .update(sealKeys)
        .set({ retiredAt: new Date() })
        .where(eq(sealKeys.id, newest?.id ?? ''));
      await tx
        .update(sealKeys)
        .set({ retiredAt: null })
        .where(eq(sealKeys.id, former?.id ?? ''));
    });
    expect(await trySeal('juniorHigh')).toBe('409 seal.key-doubted');
  });

  it('A-13 believes no registration that was written past the gateway, and finds it before anybody seals', async () => {
    const { gateway } = world.running;
    const key = await foreignKey();
    const forged = {
      name: 'seal-key.imported',
      outcome: 'done',
      side: 'gateway',
      organisation: codeOf('cityHigh'),
      actorRole: 'principal',
      purpose: null,
      caseId: null,
      token: null,
      detail: { actor: 'staff:cityHigh-principal', fingerprint: key.fingerprint },
      at: gateway.clock.now(),
    } as const;
    const stranger = detailSealer(new Uint8Array(randomBytes(32)));
    const { eventId } = await world.job('directory', (tx) => appendEvent(tx, forged, stranger));
    await watchSealKeys(gateway);
    // An event by itself is a newer word on the key, and no good one.
    expect(await doubts('cityHigh')).toMatchObject([{ outcome: 'done', actorRole: 'gateway' }]);
    await tamper('cityHigh', { ...key, registeredBy: eventId, doubtedAt: null });
    await watchSealKeys(gateway);
    expect(await doubts('cityHigh')).toHaveLength(2);
    await vi.waitFor(async () => expect(await alarmsTo(demoMail('cityHigh-principal'))).toBe(2), { timeout: 20_000 });
    expect(await trySeal('cityHigh')).toBe('409 seal.key-doubted');
    expect(await doubts('cityHigh')).toHaveLength(2);
  });

  it('A-13 shows a school system no bytes to seal for a certificate that nobody registered', async () => {
    await registerAgain('juniorHigh');
    const made = await caseAt(world, { upTo: 'approved', from: 'juniorHigh', to: 'prefecturalHigh' });
    const clerk = await world.as('juniorHigh-clerk');
    const path = `/api/cases/${made.id}/seal-input`;
    expect((await clerk.json('GET', path)).status).toBe(200);
    const { chain, fingerprint } = await foreignKey();
    await tamper('juniorHigh', { chain, fingerprint, rootRef: null, wrappedKey: null, sealedPrivateKey: null });
    expect(refusalIn(await clerk.json('GET', path))).toBe('409 seal.key-doubted');
  });

  it('keeps its history to whoever keeps the keys', async () => {
    const clerk = await world.as('juniorHigh-clerk');
    expect(refusalIn(await clerk.json('GET', '/api/seal-key/history'))).toBe('403 policy.denied');
  });
});
