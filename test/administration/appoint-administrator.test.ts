import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { corporateNumberCheckDigit } from '../../src/directory/codes.ts';
import { administrators, staff } from '../../src/directory/tables.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { openSessionOf } from '../support/session.ts';

/** The city of the demonstration world, and somebody of its schools who keeps no people. */
const city = demoOrganisations.elementary.founderNumber;
const unknown = `${corporateNumberCheckDigit('999999999999')}999999999999`;
const subject = 'elementary-clerk';

describe('the operator’s command for the first administrator of a founder', { timeout: 60_000 }, () => {
  let world: HostileWorld;

  beforeAll(async () => {
    world = await openHostileWorld();
  }, 120_000);
  afterAll(() => world?.close());

  function run(words: readonly string[], environment: Readonly<Record<string, string>> = world.demo.environment) {
    const program = join(import.meta.dirname, '../../dist/appoint-administrator.js');
    const env = { ...environment, PATH: process.env['PATH'] };
    return new Promise<{ readonly status: number | null; readonly output: string }>((resolve) => {
      const child = execFile(process.execPath, [program, ...words], { env }, (_error, stdout, stderr) =>
        resolve({ status: child.exitCode, output: `${stdout}${stderr}`.trim() }),
      );
    });
  }

  const words = (change: { founder?: string; subject?: string; name?: string } = {}) =>
    Object.entries({ founder: city, subject, name: '新任　管理', ...change }).flatMap(([name, value]) => [
      `--${name}`,
      value,
    ]);

  const rows = () =>
    world.job('directory', async (tx) => ({
      staff: (await tx.select().from(staff)).length,
      administrators: (await tx.select().from(administrators)).length,
    }));

  const events = () =>
    world.job('ledger', (tx) =>
      tx
        .select({
          outcome: auditEvents.outcome,
          actorRole: auditEvents.actorRole,
          organisation: auditEvents.organisation,
        })
        .from(auditEvents)
        .where(eq(auditEvents.name, 'administrator.appointed')),
    );

  it('refuses what is missing or wrong, says what, and writes nothing', async () => {
    const before = await rows();
    const usage = /^usage: npm run appoint-administrator/;
    const said = (output: RegExp): unknown => expect.stringMatching(output);
    expect(await run([])).toEqual({ status: 2, output: said(usage) });
    expect(await run([...words(), '--role', 'principal'])).toEqual({ status: 2, output: said(usage) });
    const wrong = [
      [{ founder: `${city.slice(0, 12)}x` }, /^--founder: a corporate number/],
      [{ founder: unknown }, /^--founder: no founder with this number/],
      [{ subject: 'prefecturalHigh-clerk' }, /^--subject: this account belongs to another founder/],
      [{ subject: 'two words' }, /^--subject: 1 to 255/],
      [{ name: ' ' }, /^--name: 1 to 100/],
    ] as const;
    const answers = await Promise.all(wrong.map(([change]) => run(words(change))));
    expect(answers).toEqual(wrong.map(([, message]) => ({ status: 1, output: said(message) })));
    const { DATABASE_URL: _without, ...environment } = world.demo.environment;
    expect(await run(words(), environment)).toEqual({ status: 2, output: said(/DATABASE_URL/) });
    expect([await rows(), await events()]).toEqual([before, []]);
  });

  it('appoints an account that the gateway knows, once, with an entry in the log', async () => {
    const before = await rows();
    expect(await run(words())).toEqual({ status: 0, output: `Appointed: ${subject} for ${city}.` });
    expect(await run(words({ name: 'another spelling' }))).toMatchObject({
      status: 0,
      output: `Already so: ${subject} for ${city}. No change.`,
    });
    expect(await rows()).toEqual({ ...before, administrators: before.administrators + 1 });
    expect(await events()).toEqual([{ outcome: 'done', actorRole: 'operator', organisation: null }]);
    const session = await openSessionOf(world.origin, subject);
    const { memberships } = (await session.json('GET', '/api/memberships')).body;
    const administered = memberships.filter(({ role }) => role === 'administrator');
    expect(administered.length).toBeGreaterThan(1);
    const chosen = await session.json('PUT', '/api/session/membership', { membershipId: administered[0]?.id });
    expect(chosen.status).toBe(204);
    expect((await session.json('GET', '/api/members')).status).toBe(200);
  });

  it('appoints an account that nobody has seen yet, which then keeps its own person', async () => {
    const before = await rows();
    expect(await run(words({ subject: 'never-seen', name: '初見　新' }))).toMatchObject({ status: 0 });
    expect(await rows()).toEqual({ staff: before.staff + 1, administrators: before.administrators + 1 });
    const [row] = await world.job('directory', (tx) => tx.select().from(staff).where(eq(staff.subject, 'never-seen')));
    expect(row).toMatchObject({ name: '初見　新', founderNumber: city, issuer: world.demo.environment['OIDC_ISSUER'] });
    expect(await events()).toHaveLength(2);
  });
});
