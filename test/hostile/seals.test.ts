import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendEvent } from '../../src/audit/append.ts';
import { auditEvents } from '../../src/audit/tables.ts';
import type { Identity } from '../../src/demo/certificate-maker.node.ts';
import { demoPassword } from '../../src/demo/person-certificates.ts';
import { writePkcs12 } from '../../src/demo/pkcs12.node.ts';
import { wrapSealKey } from '../../src/records/seal-keys.ts';
import { sealKeys } from '../../src/records/tables.ts';
import { caseAt, refusalIn, type Step } from './support/procedure.ts';
import { identityOf } from './support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from './support/world.ts';

describe('a seal that is not what it should be', { timeout: 60_000 }, () => {
  let world: HostileWorld;

  beforeAll(async () => {
    world = await openHostileWorld();
  }, 120_000);
  afterAll(() => world?.close());

  async function register(file: Uint8Array, subject = 'prefecturalHigh-principal', password = demoPassword) {
    const form = new FormData();
    form.set('password', password);
    form.set('file', new File([new Uint8Array(file)], 'seal.p12', { type: 'application/x-pkcs12' }));
    const session = await world.as(subject);
    const answer = await fetch(`${world.origin}/seal-key`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: world.origin, cookie: session.cookie() },
      body: form,
    });
    await answer.arrayBuffer();
    return answer.status;
  }

  async function lastReason(): Promise<string> {
    const rows = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.name, 'seal-key.imported')).orderBy(auditEvents.at),
    );
    return rows.at(-1)?.reason ?? '';
  }

  function inForce() {
    return world.job('directory', (tx) =>
      tx
        .select()
        .from(sealKeys)
        .where(eq(sealKeys.schoolCode, codeOf('prefecturalHigh'))),
    );
  }

  function sealOf(code: string): Identity {
    const seal = world.demo.authorities.seals.get(code);
    if (seal === undefined) throw new Error('no such seal');
    return seal;
  }

  it('cannot be registered: expired, revoked, unknown, another school’s, a person’s, a wrong password, garbage', async () => {
    const before = await inForce();
    const { badSeals } = world.demo.authorities;
    const bad: readonly (readonly [string, Identity])[] = [
      ['expired', badSeals.expired],
      ['revoked', badSeals.revoked],
      // Its authority has an EC key, and what carries one is not read out of PKCS#12 here.
      ['no-certificate', badSeals.unknownRoot],
      ['other-school', sealOf(codeOf('juniorHigh'))],
      ['issuer-not-found', identityOf(world, 'sakura')],
    ];
    const reasons: string[] = [];
    for (const [reason, identity] of bad) {
      expect([reason, await register(await writePkcs12(identity, demoPassword, reason))]).toEqual([reason, 422]);
      reasons.push(await lastReason());
    }
    expect(reasons).toEqual(bad.map(([reason]) => `seal.key-refused:${reason}`));
    const own = await writePkcs12(sealOf(codeOf('prefecturalHigh')), demoPassword, 'own');
    expect(await register(own, 'prefecturalHigh-principal', 'wrong')).toBe(422);
    expect(await register(own.subarray(0, 500))).toBe(422);
    expect(await register(new TextEncoder().encode('no key'))).toBe(422);
    expect(await inForce()).toEqual(before);
  });

  it('cannot be registered by a role that may not, and the old one stays when nothing else is in the way', async () => {
    const before = await inForce();
    const own = await writePkcs12(sealOf(codeOf('prefecturalHigh')), demoPassword, 'own');
    for (const role of ['clerk', 'vicePrincipal', 'schoolNurse', 'homeroomTeacher']) {
      expect([role, await register(own, `prefecturalHigh-${role}`)]).toEqual([role, 403]);
    }
    expect(await inForce()).toEqual(before);
    expect(await register(own)).toBe(303);
  });

  it('lies in the database and the object store without its private key', async () => {
    const { pkcs8 } = sealOf(codeOf('prefecturalHigh'));
    const rows = await world.job('directory', (tx) => tx.select().from(sealKeys));
    expect(rows.length).toBeGreaterThan(4);
    for (const { sealedPrivateKey } of rows) {
      expect(Buffer.from(sealedPrivateKey ?? '').includes(Buffer.from(pkcs8).subarray(-32))).toBe(false);
    }
  });

  // Whoever owns the gateway itself, its log and one school’s key could otherwise send in the name of any other school.
  it('is of another school, put in force by a gateway that lies to its log: the issuer is invalid for the receiver', async () => {
    const { gateway } = world.running;
    const foreign = sealOf(codeOf('prefecturalHigh'));
    const of = { privateKey: foreign.pkcs8, chain: foreign.chain, school: codeOf('prefecturalHigh') };
    const wrapped = await wrapSealKey(of, { keys: gateway.keys, trust: gateway.trust, now: world.clock.now() });
    if (!wrapped.ok) throw new Error('the foreign seal is good where it belongs');
    const { value } = wrapped;
    const school = codeOf('elementary');
    const told = {
      name: 'seal-key.imported',
      outcome: 'done',
      side: 'gateway',
      organisation: school,
      actorRole: 'principal',
      purpose: null,
      caseId: null,
      token: null,
      detail: { fingerprint: value.fingerprint },
      at: world.clock.now(),
    } as const;
    await world.job('directory', async (tx) => {
      const { eventId: registeredBy } = await appendEvent(tx, told, gateway.sealDetail);
      await tx
        .update(sealKeys)
        .set({ ...value, registeredBy })
        .where(eq(sealKeys.schoolCode, school));
    });
    const upTo: Step = 'deposited';
    const made = await caseAt(world, { upTo, from: 'elementary', to: 'juniorHigh' });
    const receiver = await world.as('juniorHigh-clerk');
    const opened = await receiver.json('POST', `/api/cases/${made.id}/opening`, { pupil: made.pupil });
    expect(opened.body).toMatchObject({
      verification: { outcome: 'invalid', issuer: 'invalid', digests: 'valid', reasons: ['issuer-other-school'] },
    });
    const refused = await receiver.json('POST', `/api/cases/${made.id}/acknowledgement`, {});
    expect(refusalIn(refused)).toBe('409 package.not-verified');
  });
});
