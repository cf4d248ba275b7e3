import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { machineClients, machineKeys, machineUploads } from '../../src/identity/clients/tables.ts';
import { issueChallenge } from '../../src/identity/issue-challenge.ts';
import { linkingRefusals } from '../../src/identity/links/tables.ts';
import { logIns } from '../../src/identity/log-ins/tables.ts';
import { openSession } from '../../src/identity/session.ts';
import { purgeExpired, useTokenOnce } from '../../src/identity/store.ts';
import {
  challenges,
  personAccounts,
  personCertificates,
  persons,
  sessions,
  signInAttempts,
  usedTokens,
} from '../../src/identity/tables.ts';
import { registerClient } from './support/machine.ts';
import { openWorld, schoolCode, staffId, type World } from './support/world.ts';

describe('the second wall around log-in', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
    await registerClient(world);
    await issueChallenge(world.services, 'login');
    await world.database.transaction(systemScope('login'), async (tx) => {
      const at = world.clock.now();
      await tx.insert(persons).values({ id: 'person-1', createdAt: at });
      await tx
        .insert(personCertificates)
        .values({ certificateKey: 'k', personId: 'person-1', notAfter: at, firstUsedAt: at, lastUsedAt: at });
      await tx
        .insert(personAccounts)
        .values({ accountKey: 'a', personId: 'person-1', firstUsedAt: at, lastUsedAt: at });
      await tx.insert(logIns).values({
        id: 'log-in-1',
        personId: 'person-1',
        at,
        outcome: 'done',
        assurance: 'certificate',
        browser: '',
        expiresAt: new Date(at.getTime() + 60_000),
      });
      await useTokenOnce(tx, 'a-token', new Date(at.getTime() + 60_000));
      await tx.insert(signInAttempts).values({
        cookieHash: 'c',
        provider: 'gbizid',
        state: 's',
        nonce: 'n',
        codeVerifier: 'v',
        returnTo: '/',
        expiresAt: new Date(at.getTime() + 60_000),
      });
      const membership = {
        membershipId: null,
        assurance: 'organisationMember',
        browser: '',
        formerToken: null,
      } as const;
      await openSession(tx, world.services, { ...membership, staffId: staffId('elementary-clerk'), personId: null });
      await openSession(tx, world.services, { ...membership, staffId: null, personId: 'person-1' });
    });
  });
  afterAll(() => world.drop());

  const tables = {
    challenges,
    linkingRefusals,
    logIns,
    machineClients,
    machineKeys,
    machineUploads,
    personAccounts,
    personCertificates,
    persons,
    sessions,
    signInAttempts,
    usedTokens,
  };

  it('shows nothing of it to strangers, whatever school or person they act for', async () => {
    const strangers = [
      { actor: 'anonymous' },
      { actor: 'staff:somebody', school: schoolCode('juniorHigh') },
      { actor: 'person:person-2', person: 'person-2' },
      { actor: 'machine:other', school: schoolCode('juniorHigh') },
      systemScope('sequencer'),
    ];
    for (const scope of strangers) {
      for (const [name, table] of Object.entries(tables)) {
        const rows = await world.database.transaction(scope, (tx) => tx.select().from(table));
        expect(rows, `${scope.actor} ${name}`).toEqual([]);
      }
    }
  });

  it('shows people their own sessions, and nothing that proves who they are', async () => {
    const own = { actor: `staff:${staffId('elementary-clerk')}`, school: schoolCode('elementary') };
    const mine = await world.database.transaction(own, (tx) => tx.select().from(sessions));
    expect(mine).toHaveLength(1);
    for (const table of [challenges, signInAttempts, usedTokens]) {
      expect(await world.database.transaction(own, (tx) => tx.select().from(table))).toEqual([]);
    }
  });

  it('lets nobody but log-in make a session', async () => {
    const attempt = world.database.transaction({ actor: 'staff:x', school: schoolCode('elementary') }, (tx) =>
      openSession(tx, world.services, {
        staffId: 'x',
        personId: null,
        membershipId: null,
        assurance: 'organisationPrime',
        browser: '',
        formerToken: null,
      }),
    );
    await expect(attempt).rejects.toThrow();
  });

  it('forgets what has expired, and nothing else', async () => {
    const later = new Date(world.clock.now().getTime() + 3_600_000);
    const left = await world.database.transaction(systemScope('login'), async (tx) => {
      await purgeExpired(tx, later);
      return {
        challenges: (await tx.select().from(challenges)).length,
        attempts: (await tx.select().from(signInAttempts)).length,
        tokens: (await tx.select().from(usedTokens)).length,
        sessions: (await tx.select().from(sessions)).length,
      };
    });
    expect(left).toEqual({ challenges: 0, attempts: 0, tokens: 0, sessions: 2 });
  });
});
