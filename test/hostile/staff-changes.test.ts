import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { memberships } from '../../src/directory/tables.ts';
import { machineClients } from '../../src/identity/clients/tables.ts';
import { objects } from '../../src/locker/tables.ts';
import { openSessionOf, type Session } from '../support/session.ts';
import { announce, caseAt, contentPath, digestOf, jsonOf, record, type TestCase } from './support/procedure.ts';
import { openMachineSession } from './support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from './support/world.ts';

/** who loses the right while bytes are still coming loses what came. */
describe('an upload that is running', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let made: TestCase;

  beforeAll(async () => {
    world = await openHostileWorld();
    made = await caseAt(world, { upTo: 'draft', documents: [] });
  }, 120_000);
  afterAll(() => world?.close());

  /** Sends half, does what happens meanwhile, sends the rest. */
  async function upload(session: Session, meanwhile: () => Promise<void>) {
    const documentId = await announce(world, made, record());
    const bytes = jsonOf(400_000);
    const path = contentPath({ caseId: made.id, documentId });
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const answer = session.stream('PUT', path, readable, {
      ...digestOf(bytes),
      'content-length': String(bytes.length),
    });
    await writer.write(bytes.subarray(0, 200_000));
    await underWay(documentId);
    await meanwhile();
    await writer.write(bytes.subarray(200_000));
    await writer.close();
    const ended = await answer;
    const rows = await world.job('locker', (tx) => tx.select().from(objects).where(eq(objects.caseId, made.id)));
    const kept = rows.filter(({ id, state }) => id.startsWith(documentId) && state === 'stored');
    return { status: ended.status, kept: kept.length };
  }

  /** The gateway knows who sends, and the first bytes are on their way to the store. */
  async function underWay(documentId: string): Promise<void> {
    for (;;) {
      const rows = await world.job('locker', (tx) => tx.select().from(objects).where(eq(objects.state, 'uploading')));
      if (rows.some(({ id }) => id.startsWith(documentId))) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async function lastRefusal(): Promise<string | null> {
    const rows = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.name, 'document.added')).orderBy(auditEvents.at),
    );
    return rows.at(-1)?.reason ?? null;
  }

  const clerk = 'juniorHigh-clerk';
  const setEnd = (validTo: string | null) =>
    world.job('directory', async (tx) => {
      const changed = await tx
        .update(memberships)
        .set({ validTo })
        .where(eq(memberships.id, `${clerk}@juniorHigh`))
        .returning();
      expect(changed).toHaveLength(1);
    });

  it('A-11 goes through when nothing changes', async () => {
    expect(await upload(await world.as(clerk), async () => undefined)).toMatchObject({ status: 200, kept: 1 });
  });

  it('A-11 fails at its end when the role has ended meanwhile, and nothing is kept', async () => {
    const tried = await upload(await world.as(clerk), () => setEnd('2026-04-02'));
    await setEnd(null);
    expect(tried).toMatchObject({ status: 401, kept: 0 });
    expect(await lastRefusal()).toBe('login.required:role-ended');
  });

  it('A-11 fails at its end when the session was ended meanwhile', async () => {
    const session = await openSessionOf(world.origin, clerk);
    const tried = await upload(session, async () => {
      expect((await session.json('DELETE', '/api/session')).status).toBe(204);
    });
    expect(tried).toMatchObject({ status: 401, kept: 0 });
    expect(await lastRefusal()).toBe('login.required:session-ended');
  });

  it('A-11 fails at its end when the machine was blocked meanwhile', async () => {
    const block = (blockedAt: Date | null) =>
      world.job('directory', async (tx) => {
        await tx
          .update(machineClients)
          .set({ blockedAt })
          .where(eq(machineClients.schoolCode, codeOf('juniorHigh')));
      });
    const machine = await openMachineSession(world, 'juniorHigh');
    const tried = await upload(machine, () => block(world.clock.now()));
    await block(null);
    expect(tried).toMatchObject({ status: 401, kept: 0 });
    expect(await lastRefusal()).toBe('login.required:client-blocked');
  });
});
