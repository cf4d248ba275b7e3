import { readdir, readFile } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { mailStaffHandler } from '../../src/administration/mail-staff.ts';
import { staff } from '../../src/directory/tables.ts';
import { openMailFolder } from '../../src/notices/mail-folder.node.ts';
import { outbox } from '../../src/notices/tables.ts';
import { day, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { administratorAt, confirm } from './support/people.ts';

/** RFC 7517 appendix A.1, and another point of the curve. */
const keyOne = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
};
const keyTwo = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};

describe('mails to the people of a school', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let principal: Session;
  let administrator: Session;
  const seen = new Set<string>();

  beforeAll(async () => {
    world = await openHostileWorld();
    principal = await world.as('cityHigh-principal');
    administrator = await administratorAt(world, 'cityHigh');
  }, 120_000);
  afterAll(() => world?.close());

  const folder = () => world.demo.environment['MAIL_DIRECTORY'] ?? '';

  /** The mails of the running gateway's own loop that have come since the last look, as "address: first line". */
  async function mails(count: number): Promise<readonly string[]> {
    return vi.waitFor(
      async () => {
        const names = (await readdir(folder())).filter((name) => name.endsWith('.eml') && !seen.has(name));
        const read = await Promise.all(names.map((name) => readFile(`${folder()}/${name}`, 'utf8')));
        expect(read.length).toBeGreaterThanOrEqual(count);
        for (const name of names) seen.add(name);
        return read.map(lineOf).toSorted();
      },
      { timeout: 20_000, interval: 100 },
    );
  }

  async function propose(key: object): Promise<{ readonly proposalId: string; readonly clientId: string }> {
    const body = { name: '保健システム', scopes: ['transfers:read'], publicKey: JSON.stringify(key) };
    const answer = await principal.json('POST', '/api/clients', body);
    expect(answer.status).toBe(202);
    return answer.body;
  }

  it('keep the address that the provider tells at the log-in', async () => {
    await world.job('directory', (tx) => tx.update(staff).set({ contactMail: null }));
    await world.running.gateway.database.transaction({ actor: 'system:directory' }, async (tx) => {
      expect(await tx.select().from(staff).where(sql`contact_mail is not null`)).toEqual([]);
    });
    world.clock.pass(1000);
    principal = await world.as('cityHigh-principal');
    administrator = await administratorAt(world, 'cityHigh');
    const rows = await world.job('directory', (tx) => tx.select().from(staff).where(sql`contact_mail is not null`));
    expect(rows.map(({ contactMail }) => contactMail ?? '').toSorted()).toEqual([
      'cityHigh-principal@example.jp',
      'hibarino-administrator@example.jp',
    ]);
  });

  it('tell those who could confirm that a proposal waits, then the proposer, and the principal of the new key', async () => {
    const { proposalId, clientId } = await propose(keyOne);
    expect(await mails(1)).toEqual([`hibarino-administrator ${proposalId} 確認を待っている提案があります`]);
    expect((await confirm(administrator, proposalId)).status).toBe(200);
    expect(await mails(2)).toEqual(
      [
        `cityHigh-principal ${clientId} 校務支援システムの鍵が加わりました`,
        `cityHigh-principal ${proposalId} あなたの提案が確認され、有効になりました`,
      ].toSorted(),
    );
    const { body } = await principal.json('GET', '/api/clients');
    const { thumbprint } = body.items.find(({ id }) => id === clientId)?.keys[0] ?? { thumbprint: '' };
    expect((await principal.json('DELETE', `/api/clients/${clientId}/keys/${thumbprint}`)).status).toBe(204);
    expect(await mails(1)).toEqual([`cityHigh-principal ${clientId} 校務支援システムの鍵が終わりました`]);
    expect((await principal.json('DELETE', `/api/clients/${clientId}`)).status).toBe(204);
    expect(await mails(1)).toEqual([`cityHigh-principal ${clientId} 校務支援システムが鍵とともに削除されました`]);
  });

  it('tell the proposer when somebody else turns it down, and nobody of what one took back oneself', async () => {
    const first = await propose(keyTwo);
    await mails(1);
    expect((await principal.json('DELETE', `/api/proposals/${first.proposalId}`)).status).toBe(204);
    const second = await propose(keyTwo);
    expect(await mails(1)).toEqual([`hibarino-administrator ${second.proposalId} 確認を待っている提案があります`]);
    expect((await administrator.json('DELETE', `/api/proposals/${second.proposalId}`)).status).toBe(204);
    expect(await mails(1)).toEqual([`cityHigh-principal ${second.proposalId} あなたの提案は認められませんでした`]);
  });

  it('tell of a seal key put in force or taken out', async () => {
    const { body } = await principal.json('DELETE', '/api/seal-key');
    await mails(1);
    expect((await confirm(administrator, body.proposalId)).status).toBe(200);
    expect(await mails(2)).toContain(`cityHigh-principal ${body.fingerprint} 封緘の鍵の使用が終わりました`);
  });

  it('remind both sides two days before a proposal runs out, unless it has been decided', async () => {
    const waiting = await propose(keyTwo);
    await mails(1);
    const reminders = await world.job('outbox', (tx) => tx.select().from(outbox));
    const ours = reminders.filter(({ payload }) => payload['id'] === waiting.proposalId);
    expect(
      ours.map(({ payload, dueAt }) => [payload['staff'], Math.round((+dueAt - +world.clock.now()) / day)]),
    ).toEqual([
      ['cityHigh-principal', 12],
      ['hibarino-administrator', 12],
    ]);
    const sentTo = async (name: string): Promise<readonly string[]> => {
      const into = `${world.folder}/${name}`;
      const handler = mailStaffHandler(world.running.gateway, openMailFolder(into));
      for (const row of reminders) await handler({ ...row, attempt: 1 }, AbortSignal.timeout(10_000));
      const files = await readdir(into).catch(() => []);
      return Promise.all(files.map(async (file) => lineOf(await readFile(`${into}/${file}`, 'utf8'))));
    };
    // Those about the proposals above, decided by now, are among the reminders.
    expect(reminders.length).toBeGreaterThan(ours.length);
    expect((await sentTo('pending')).toSorted()).toEqual([
      `cityHigh-principal ${waiting.proposalId} 提案の確認の期限が近づいています`,
      `hibarino-administrator ${waiting.proposalId} 提案の確認の期限が近づいています`,
    ]);
    expect((await principal.json('DELETE', `/api/proposals/${waiting.proposalId}`)).status).toBe(204);
    expect(await sentTo('decided')).toEqual([]);
  });

  it('say an id and nothing more, in both languages, and go nowhere where no address is known', async () => {
    const { proposalId } = await propose(keyTwo);
    await mails(1);
    const scratch = openMailFolder(`${world.folder}/other-mails`);
    const handler = mailStaffHandler(world.running.gateway, scratch);
    const payload = {
      staff: 'hibarino-administrator',
      school: 'D100000000000',
      subject: 'proposal-waiting',
      id: proposalId,
    };
    const job = { kind: 'mail.staff', attempt: 1, createdAt: new Date() };
    // Another school's job finds neither the proposal nor the person.
    await handler({ ...job, id: 'a', payload }, AbortSignal.timeout(10_000));
    const confirmed = { ...payload, subject: 'proposal-confirmed' };
    await handler({ ...job, id: 'b', payload: confirmed }, AbortSignal.timeout(10_000));
    expect(await readdir(`${world.folder}/other-mails`).catch(() => [])).toEqual([]);
    const malformed = handler({ ...job, id: 'c', payload: { staff: 'x' } }, AbortSignal.timeout(10_000));
    await expect(malformed).rejects.toMatchObject({ name: 'JobMalformed' });
    const texts = await Promise.all([...seen].map((name) => readFile(`${folder()}/${name}`, 'utf8')));
    expect(texts.length).toBeGreaterThan(5);
    for (const text of texts.map(bodyOf)) {
      expect(text).toMatch(/番号: \S+\n[^]*Number: \S+\n/);
      expect(text).not.toMatch(/保健システム|見守|校長|cityHigh|D11/);
    }
  });
});

function bodyOf(mail: string): string {
  const [, encoded = ''] = mail.split('\r\n\r\n');
  return Buffer.from(encoded, 'base64').toString();
}

function lineOf(mail: string): string {
  const to = /^To: ([^@]+)@/m.exec(mail)?.[1] ?? '';
  const [line = '', number = ''] = bodyOf(mail).split('\n');
  return `${to} ${number.replace('番号: ', '')} ${line}`;
}
