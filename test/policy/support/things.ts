import { eq } from 'drizzle-orm';
import { vi } from 'vitest';
import { alerts } from '../../../src/board/alerts/tables.ts';
import { watchAlerts } from '../../../src/board/alerts/watch-alerts.ts';
import { boardGlasses } from '../../../src/board/glass/tables.ts';
import { certificateShares } from '../../../src/certificates/shares/tables.ts';
import { issuedCertificates } from '../../../src/certificates/tables.ts';
import { systemScope } from '../../../src/database/scope.ts';
import type { DemoSchoolKey } from '../../../src/demo/schools.ts';
import { boardClosures } from '../../../src/directory/calendar/tables.ts';
import { guardianConsents } from '../../../src/identity/consents/tables.ts';
import { shredCase } from '../../../src/locker/collect-orphans.ts';
import { personKinds } from '../../../src/records/certificate-kinds.ts';
import { approvals, expectations } from '../../../src/transfers/tables.ts';
import { bodyOf, caseAt, healthCard, record } from '../../hostile/support/procedure.ts';
import { openPersonSession } from '../../hostile/support/sessions.ts';
import { codeOf, type HostileWorld } from '../../hostile/support/world.ts';
import type { Session } from '../../support/session.ts';

/** How far a case of the matrix has come, the states among them that end or void something. */
export const stages = [
  'draft',
  'approvalExpired',
  'deposited',
  'withdrawn',
  'returned',
  'opened',
  'acknowledged',
  'shredded',
] as const;
export type At = (typeof stages)[number];

/** Values for the parameters of a path: `caseId`, `records`; or with the segment before, `expectations/{id}`. */
export type Things = Readonly<Record<string, string>>;

const documents = [record(), healthCard()];

/** Cases from the junior high school to the city’s high school, one at each stage. */
export async function makeOwnThings(world: HostileWorld): Promise<Readonly<Record<At, Things>>> {
  const made: Partial<Record<At, Things>> = {};
  for (const stage of stages) made[stage] = await makeCase(world, stage);
  // Sound: every stage has just been made.
  return made as Record<At, Things>;
}

async function makeCase(world: HostileWorld, stage: At): Promise<Things> {
  const plan = { pupilId: 'pupil-01', documents };
  const clerk = await world.as('juniorHigh-clerk');
  switch (stage) {
    case 'draft':
    case 'deposited':
    case 'opened':
    case 'acknowledged':
      return thingsOf(clerk, await caseAt(world, { ...plan, upTo: stage }));
    case 'approvalExpired': {
      const made = await caseAt(world, { ...plan, upTo: 'approved' });
      const school = { actor: 'staff:test', school: codeOf('juniorHigh') };
      await world.running.gateway.database.transaction(school, (tx) =>
        tx
          .update(approvals)
          .set({ expiresAt: new Date(Date.now() - 1000) })
          .where(eq(approvals.caseId, made.id)),
      );
      return thingsOf(clerk, made);
    }
    case 'withdrawn': {
      const made = await caseAt(world, { ...plan, upTo: 'deposited' });
      bodyOf(await clerk.json('POST', `/api/cases/${made.id}/withdrawal`, { reason: 'x' }));
      return thingsOf(clerk, made);
    }
    case 'returned': {
      const made = await caseAt(world, { ...plan, upTo: 'deposited' });
      const receiver = await world.as('cityHigh-clerk');
      bodyOf(await receiver.json('POST', `/api/cases/${made.id}/return`, { reason: 'x' }));
      return thingsOf(clerk, made);
    }
    case 'shredded': {
      const made = await caseAt(world, { ...plan, upTo: 'acknowledged' });
      await world.running.gateway.database.transaction(systemScope('locker'), (tx) => shredCase(tx, made.id));
      return thingsOf(clerk, made);
    }
  }
}

async function thingsOf(
  clerk: Session,
  made: { readonly id: string; readonly documents: readonly { readonly id: string }[] },
): Promise<Things> {
  const { body } = await clerk.json('GET', `/api/cases/${made.id}/receipts`);
  const [records, health] = made.documents;
  return {
    ...fixed,
    caseId: made.id,
    records: records?.id ?? '',
    health: health?.id ?? '',
    receiptId: body.items.at(0)?.id ?? crypto.randomUUID(),
    pupilId: 'pupil-01',
  };
}

/** What a path names that belongs to nobody. */
const fixed: Things = {
  code: 'D111100000018',
  schoolCode: 'D111100000018',
  year: '2026',
  provider: 'gbizid',
  file: 'sakura.p12',
  path: '0/x000/000',
  certificateCode: 'AAAAAAAAAAAAAAAA',
  kind: 'transcript',
  version: '1',
  listId: 'AAAAAAAAAAAAAAAAAAAAAA',
  fingerprint: 'A'.repeat(43),
  // Codes of wallets, which whoever has them may use.
  responseCode: 'AAAAAAAAAAAAAAAAAAAAAA',
  offerId: 'AAAAAAAAAAAAAAAAAAAAAAAAAA',
};
/** Links that nobody has been given are another one for each who asks: many wrong ones on one are a row of guesses. */
const links: readonly string[] = ['shareLink', 'watchLink'];
export const publicParameters: readonly string[] = [...Object.keys(fixed), 'visibility', 'rule', ...links];

/** Things of a school that nobody in the matrix belongs to. A new kind of thing with an id of its own gets a line here. */
export async function makeForeignThings(
  world: HostileWorld,
  of: { readonly school: DemoSchoolKey; readonly pupilId: string; readonly person: string },
): Promise<Things> {
  const { school, pupilId } = of;
  const clerk = await world.as(`${school}-clerk`);
  const to = 'privateHigh';
  const made = await caseAt(world, { upTo: 'opened', from: school, to, pupilId, documents });
  const expectation = await clerk.json('POST', '/api/expectations', announced);
  const sessions = await clerk.json('GET', '/api/sessions');
  const { body: clients } = await (await world.as(`${school}-principal`)).json('GET', '/api/clients');
  return {
    ...(await thingsOf(clerk, made)),
    pupilId,
    clientId: clients.items[0].id,
    thumbprint: clients.items[0].keys[0].thumbprint,
    sessionId: sessions.body.sessions[0].id,
    ...(await guardianOf(world, { clerk, school, pupilId, person: of.person })),
    breakGlassId: await breakGlassOf(world, school, pupilId),
    'expectations/{id}': expectation.body.id,
    protectionId: await protectionOf(world, school),
    holdId: await holdOf(world, school, pupilId),
    // Made of a line that one sees: test/hostile/person-ledger.test.ts tries one of another school.
    reportId: crypto.randomUUID(),
    ...(await peopleOf(world, school)),
    ...(await certificateThings(world, school, pupilId)),
    alertId: await alertOf(world),
    ...(await boardThings(world)),
  };
}

/** Lines of a pupil that an inquiry wants held back. */
async function holdOf(world: HostileWorld, school: DemoSchoolKey, pupilId: string): Promise<string> {
  const principal = await world.as(`${school}-principal`);
  const until = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  const reason = '聞き取りが終わるまで、台帳の表示を保留する';
  return (await principal.json('POST', '/api/ledger-holds', { pupilId, until, reason })).body.id;
}

/** A closure, an opened name and a slice of the log of another board: nobody of the matrix acts there. */
async function boardThings(world: HostileWorld): Promise<Things> {
  const boardCode = codeOf('prefectureBoard');
  const id = crypto.randomUUID();
  const closure = { id, boardCode, firstDay: '2027-02-01', lastDay: '2027-02-02', name: '校内の行事' };
  const board = { actor: 'staff:test', school: boardCode, role: 'auditor' };
  const opened = {
    staffId: 'test',
    personKey: id,
    category: 'audit',
    reason: '監査のため',
    openedAt: new Date(),
  } as const;
  await world.running.gateway.database.transaction(board, async (tx) => {
    await tx.insert(boardClosures).values(closure);
    const expiresAt = new Date(Date.now() + 3_600_000);
    await tx.insert(boardGlasses).values({ id, boardCode, caseId: id, schools: [], expiresAt, ...opened });
  });
  const auditor = await world.as('nagano-auditor');
  const sliceId = await vi.waitFor(
    async () => {
      const [slice] = (await auditor.json('GET', '/api/board/slices')).body.items;
      if (slice === undefined) throw new Error('nothing was published yet');
      return slice.id;
    },
    { timeout: 60_000, interval: 500 },
  );
  return { closureId: id, boardGlassId: id, sliceId };
}

/** An alert at the school of another board, over the key that the demonstration registered there: nobody of the matrix sees it. */
async function alertOf(world: HostileWorld): Promise<string> {
  return vi.waitFor(
    async () => {
      await watchAlerts(world.running.gateway);
      const organisation = codeOf('prefecturalHigh');
      const [row] = await world.job('alerts', (tx) =>
        tx.select({ id: alerts.id }).from(alerts).where(eq(alerts.organisation, organisation)).limit(1),
      );
      if (row === undefined) throw new Error('nothing was raised yet');
      return row.id;
    },
    { timeout: 60_000, interval: 500 },
  );
}

/** An order of the school's, on a pupil whom it expects: it hides nothing else that the matrix asks for. */
export async function protectionOf(world: HostileWorld, school: DemoSchoolKey): Promise<string> {
  const principal = await world.as(`${school}-principal`);
  const expected = { pupilName: '見本　次郎', pupilKana: 'ミホン　ジロウ', pupilBirthDate: '2011-01-01' };
  const announced = await principal.json('POST', '/api/expectations', expected);
  const entered = await principal.json('POST', '/api/protections', {
    subject: { kind: 'expectation', id: announced.body.id },
    source: 'court',
    startsOn: '2026-04-01',
    reviewOn: '2099-01-01',
  });
  return entered.body.id;
}

const announced = { pupilName: '見本　花子', pupilKana: 'ミホン　ハナコ', pupilBirthDate: '2011-01-01' };

/** An announcement of this school's that has run out; a new one each time, since whoever may takes it back. */
export async function makeExpiredExpectation(world: HostileWorld, school: DemoSchoolKey): Promise<string> {
  const clerk = await world.as(`${school}-clerk`);
  const { id } = bodyOf(await clerk.json('POST', '/api/expectations', announced));
  const scope = { actor: 'staff:test', school: codeOf(school) };
  await world.running.gateway.database.transaction(scope, (tx) =>
    tx
      .update(expectations)
      .set({ expiresAt: new Date(Date.now() - 1000) })
      .where(eq(expectations.id, id)),
  );
  return id;
}

/** An entry of the register about this pupil, a template, a request, and what was issued for another one. */
export async function certificateThings(world: HostileWorld, school: DemoSchoolKey, pupilId: string): Promise<Things> {
  const clerk = await world.as(`${school}-clerk`);
  const facts = { number: `${pupilId}-number`, officialName: '見本　花子', kana: 'ミホン', birthDate: '2011-01-01' };
  const entry = await clerk.json('POST', '/api/certificate-register', { pupilId, facts });
  const line = '見本';
  const wording = { titleJa: line, bodyJa: line, titleEn: line, bodyEn: line, principalJa: line, principalEn: line };
  const template = await clerk.json('POST', '/api/certificate-templates', { kind: 'enrolmentCertificate', wording });
  const ids = { entryId: bodyOf(entry).id, templateId: bodyOf(template).id };
  await offer(world, school, ids.templateId);
  const wish = {
    kind: 'enrolmentCertificate',
    language: 'ja',
    purpose: 'other',
    entryId: ids.entryId,
    agentReference: '1',
  };
  const ask = async () => bodyOf(await clerk.json('POST', '/api/certificate-requests', wish)).id;
  const certificateId = await issued(world, school, await ask());
  const shareId = await shareOf(world, { school, pupilId, certificateId });
  return { ...ids, requestId: await ask(), certificateId, shareId };
}

/** Made by somebody whom the certificate was issued to. */
async function shareOf(
  world: HostileWorld,
  of: { readonly school: DemoSchoolKey; readonly pupilId: string; readonly certificateId: string },
): Promise<string> {
  const { database } = world.running.gateway;
  const personId = 'somebody';
  const school = { actor: 'staff:test', school: codeOf(of.school), role: 'principal' };
  const [certificate] = await database.transaction(school, (tx) =>
    tx.update(issuedCertificates).set({ personId }).where(eq(issuedCertificates.id, of.certificateId)).returning(),
  );
  const id = crypto.randomUUID();
  await database.transaction({ actor: `person:${personId}`, person: personId }, (tx) =>
    tx.insert(certificateShares).values({
      id,
      certificateId: of.certificateId,
      requestId: certificate?.requestId ?? '',
      schoolCode: codeOf(of.school),
      pupilId: of.pupilId,
      personId,
      secretKey: id,
      sealed: new Uint8Array(1),
      whole: false,
      once: false,
      madeAt: new Date(),
      expiresAt: new Date(Date.now() + 86_400_000),
    }),
  );
  return id;
}

/** Checked, approved, and sealed by the gateway's own loop. */
async function issued(world: HostileWorld, school: DemoSchoolKey, requestId: string): Promise<string> {
  const path = `/api/certificate-requests/${requestId}`;
  const clerk = await world.as(`${school}-clerk`);
  bodyOf(await clerk.json('POST', `${path}/check`));
  bodyOf(await (await world.as(`${school}-principal`)).json('POST', `${path}/approval`));
  const scope = { actor: 'staff:test', school: codeOf(school), role: 'principal' };
  return vi.waitFor(
    async () => {
      const rows = await world.running.gateway.database.transaction(scope, (tx) =>
        tx.select().from(issuedCertificates).where(eq(issuedCertificates.requestId, requestId)),
      );
      if (rows[0]?.state !== 'valid') throw new Error('not issued yet');
      return rows[0].id;
    },
    { timeout: 30_000, interval: 200 },
  );
}

async function offer(world: HostileWorld, school: DemoSchoolKey, templateId: string): Promise<void> {
  const principal = await world.as(`${school}-principal`);
  bodyOf(await principal.json('POST', `/api/certificate-templates/${templateId}/publication`));
  const { version } = bodyOf(await principal.json('GET', '/api/certificate-settings'));
  const kinds = Object.fromEntries(
    personKinds.map((kind) => [kind, { offered: kind === 'enrolmentCertificate', feeYen: 0, atOnce: false }]),
  );
  bodyOf(await principal.json('PUT', '/api/certificate-settings', { version, kinds }));
}

async function peopleOf(world: HostileWorld, school: DemoSchoolKey): Promise<Things> {
  const principal = await world.as(`${school}-principal`);
  const invite = (role: string) =>
    principal.json('POST', '/api/members', { name: '見本　新', role, validFrom: '2026-04-01' });
  const given = { staffId: `${school}-homeroomTeacher`, name: 'x', role: 'clerk', validFrom: '2026-04-01' };
  return {
    membershipId: (await principal.json('POST', '/api/members', given)).body.id,
    invitationId: (await invite('clerk')).body.id,
    proposalId: (await invite('principal')).body.proposalId,
    // Accounts are the founder's, so that of the other school must be another founder's.
    staffId: 'privateHigh-clerk',
  };
}

export async function breakGlassOf(world: HostileWorld, school: DemoSchoolKey, pupilId: string): Promise<string> {
  const draft = await caseAt(world, {
    upTo: 'draft',
    from: school,
    to: 'privateHigh',
    pupilId,
    documents: [healthCard()],
  });
  const vicePrincipal = await world.as(`${school}-vicePrincipal`);
  const opened = await vicePrincipal.json(
    'POST',
    `/api/cases/${draft.id}/documents/${draft.documents[0]?.id}/break-glass`,
    { category: 'emergency', reason: '給食の後に呼吸が苦しくなり、救急隊に既往症を伝えるため' },
  );
  return opened.body.id;
}

/** The name of a pupil of the city's, opened by the auditor of its board. */
export async function boardGlassOf(world: HostileWorld, pupilId: string): Promise<string> {
  const draft = await caseAt(world, { upTo: 'draft', to: 'privateHigh', pupilId });
  const auditor = await world.as('hibarino-auditor');
  const opened = await auditor.json('POST', `/api/board/cases/${draft.id}/break-glass`, {
    category: 'inquiry',
    reason: '保護者から、書類が届いていないという問合せがあったため',
  });
  return opened.body.id;
}

/** A guardian of the pupil, the code issued for them, and the link that came of it. */
async function guardianOf(
  world: HostileWorld,
  of: { readonly clerk: Session; readonly school: DemoSchoolKey; readonly pupilId: string; readonly person: string },
): Promise<Things> {
  const { clerk, pupilId } = of;
  const entered = await clerk.json('POST', `/api/pupils/${pupilId}/guardians`, {
    name: '見本　親',
    kana: 'ミホン　オヤ',
    relation: 'other',
    custody: 'none',
    scope: ['records'],
  });
  const guardianId = entered.body.id;
  const forWhom = { relation: 'guardian', guardianId };
  const issued = await clerk.json('POST', `/api/pupils/${pupilId}/linking-codes`, forWhom);
  const pupil = (await clerk.json('GET', '/api/pupils')).body.items.find(({ id }) => id === pupilId);
  const person = await openPersonSession(world, of.person);
  await person.json('POST', '/api/links', { code: issued.body.code, birthDate: pupil?.birthDate });
  const { body } = await person.json('GET', '/api/links');
  const { ways } = (await person.json('GET', '/api/login-ways')).body;
  const { logIns } = (await person.json('GET', '/api/log-ins')).body;
  const own = { wayId: ways[0].id, logInId: logIns[0].id };
  const consentId = await consentOf(world, { guardianId, pupilId, schoolCode: codeOf(of.school) });
  return { guardianId, codeId: issued.body.id, linkId: body.links[0].id, consentId, ...own };
}

/** No pupil of the demonstration is of age, so the job that seeds one writes it. */
async function consentOf(
  world: HostileWorld,
  of: { readonly guardianId: string; readonly pupilId: string; readonly schoolCode: string },
): Promise<string> {
  const id = crypto.randomUUID();
  const terms = { scope: ['records'] as const, givenBy: 'a pupil', givenAt: new Date(), until: '2099-01-01' };
  await world.running.gateway.database.transaction(systemScope('directory'), (tx) =>
    tx.insert(guardianConsents).values({ id, ...of, ...terms }),
  );
  return id;
}

/** Ids of the right form that nobody has. */
export function randomThings(of: Things): Things {
  const id = () => crypto.randomUUID();
  return { ...Object.fromEntries(Object.keys(of).map((name) => [name, id()])), ...fixed };
}
