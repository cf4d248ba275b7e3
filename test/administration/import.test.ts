import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalIn } from '../hostile/support/procedure.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { type AnswerBody, readAnswer } from '../support/answer.ts';
import { openSessionOf, type Session } from '../support/session.ts';
import { administratorAt, confirm, termsOf, today } from './support/people.ts';

const header = 'アカウント,氏名,役割,学級,開始日,終了日';

describe('an import of people and roles', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let principal: Session;

  beforeAll(async () => {
    world = await openHostileWorld();
    principal = await openSessionOf(world.origin, 'juniorHigh-principal');
  }, 120_000);
  afterAll(() => world?.close());

  async function post(path: string, text: string, session = principal) {
    const answer = await session.send('POST', path, text, { 'content-type': 'text/csv; charset=utf-8' });
    const body: AnswerBody = readAnswer(await answer.text());
    return { status: answer.status, headers: answer.headers, body };
  }
  const preview = (text: string, session?: Session) => post('/api/members/import/preview', text, session);
  const propose = (text: string, session?: Session) => post('/api/members/import', text, session);
  const members = async () => (await principal.json('GET', '/api/members')).body;

  it('does nothing before a second person has confirmed it, then all of it, and nothing the second time', async () => {
    const next = today(world, 60);
    const csv = [
      header,
      `juniorHigh-schoolNurse,女郎花 恵,養護教諭,,2026-04-01,${next}`,
      `juniorHigh-homeroomTeacher,撫子凛,学級担任,3年2組,2026/4/1,${today(world, 59)}`,
      `"juniorHigh-homeroomTeacher","撫子　凛","担任","3年5組","${next.replaceAll('-', '/')}",""`,
      `,新任　太郎,事務職員,,${next},`,
      'juniorHigh-clerk,桔梗　守,clerk,,2026-04-01,',
    ].join('\r\n');
    const before = await members();
    const seen = await preview(csv);
    expect(seen.body).toMatchObject({ changes: 4, faults: 0 });
    expect(seen.body.lines.map(({ change }) => change?.act ?? null)).toEqual([
      'change',
      'change',
      'grant',
      'invite',
      null,
    ]);
    const proposed = await propose(csv);
    expect([proposed.status, await members()]).toEqual([202, before]);
    expect(refusalIn(await confirm(principal, proposed.body.proposalId))).toBe('403 proposal.same-person');
    const administrator = await administratorAt(world, 'juniorHigh');
    expect((await confirm(administrator, proposed.body.proposalId)).status).toBe(200);
    expect(await termsOf(principal, 'juniorHigh-schoolNurse')).toMatchObject([{ validTo: next }]);
    expect((await termsOf(principal, 'juniorHigh-homeroomTeacher')).map(({ homeroom }) => homeroom)).toEqual([
      '3年2組',
      '3年5組',
    ]);
    expect((await members()).invitations).toMatchObject([{ name: '新任　太郎', role: 'clerk' }]);
    expect(refusalIn(await propose(csv))).toBe('422 import.empty');
    // What is exported is what is so already.
    const exported = await principal.send('GET', '/api/members.csv');
    expect(exported.headers.get('content-disposition')).toBe('attachment; filename="members.csv"');
    expect((await preview(await exported.text())).body).toMatchObject({ changes: 0, faults: 0 });
  });

  it('names every line that is wrong and what is wrong with it, and takes none of the file', async () => {
    const day = today(world, 10);
    const lines: readonly (readonly [line: string, faults: readonly string[]])[] = [
      [`nobody,誰か,clerk,,${day},`, ['account']],
      [`prefecturalHigh-clerk,清水　澄,clerk,,${day},`, ['account']],
      [`juniorHigh-clerk,別の人,vicePrincipal,,${day},`, ['nameDiffers']],
      [`,,王様,,昨日,2027-02-30`, ['name', 'role', 'from', 'to']],
      [`,新任,clerk,,${day}`, ['columns']],
      [`,新任,clerk,3年1組,${day},`, ['member.homeroom']],
      [`,新任,clerk,,${day},${today(world, 9)}`, ['member.dates']],
      [`,新任,administrator,,${day},`, ['policy.denied']],
      [`juniorHigh-principal,山吹　武,clerk,,${day},`, ['member.own-role']],
      [`juniorHigh-principal,山吹　武,校長,,2026-04-01,${day}`, ['member.last-principal']],
      [`juniorHigh-vicePrincipal,藤袴　静,clerk,,${day},`, []],
      [`juniorHigh-vicePrincipal,藤袴　静,clerk,,${today(world, 11)},`, ['member.overlap']],
    ];
    const csv = [header, ...lines.map(([line]) => line)].join('\n');
    const seen = await preview(csv);
    expect(seen.body.lines.map(({ line, faults }) => [line, faults])).toEqual(
      lines.map(([, faults], index) => [index + 2, faults]),
    );
    const before = await members();
    expect(refusalIn(await propose(csv))).toBe('422 import.refused');
    expect(await members()).toEqual(before);
  });

  it('is bounded, and is a CSV with the columns it needs', async () => {
    const many = [header, ...Array.from({ length: 501 }, () => 'x')].join('\n');
    for (const text of [many, 'a,b,c\n1,2,3', '', '"open']) {
      expect(refusalIn(await preview(text))).toBe('422 import.unreadable');
    }
    expect(refusalIn(await preview('x'.repeat(64 * 1024 + 1)))).toBe('413 request.too-large');
    expect(refusalIn(await propose('x'.repeat(64 * 1024 + 1)))).toBe('413 request.too-large');
  });

  it('is for those who keep the people alone', async () => {
    for (const role of ['clerk', 'vicePrincipal', 'homeroomTeacher', 'schoolNurse']) {
      const session = await world.as(`juniorHigh-${role}`);
      expect([role, refusalIn(await preview(header, session))]).toEqual([role, '403 policy.denied']);
      expect([role, refusalIn(await propose(header, session))]).toEqual([role, '403 policy.denied']);
      expect([role, (await session.send('GET', '/api/members.csv')).status]).toEqual([role, 403]);
    }
  });

  it('falls whole when one line no longer fits on the day of its confirmation', async () => {
    const day = today(world, 20);
    const csv = [header, `,新任　花子,clerk,,${day},`, `juniorHigh-homeroomTeacher,撫子　凛,clerk,,${day},`].join('\n');
    const proposed = await propose(csv);
    const own = { staffId: 'juniorHigh-homeroomTeacher', name: '撫子　凛', role: 'clerk', validFrom: today(world, 19) };
    expect((await principal.json('POST', '/api/members', own)).status).toBe(200);
    const administrator = await administratorAt(world, 'juniorHigh');
    expect(refusalIn(await confirm(administrator, proposed.body.proposalId))).toBe('409 member.overlap');
    expect((await members()).invitations.some(({ name }) => name === '新任　花子')).toBe(false);
  });
});
