import { expect } from 'vitest';
import { systemScope } from '../../../src/database/scope.ts';
import { openSession } from '../../../src/identity/session.ts';
import { persons } from '../../../src/identity/tables.ts';
import { Browser } from './browser.ts';
import { aPupil, membershipId, staffId, type World } from './world.ts';

/** A browser in which this member of staff of the demonstration is logged in. */
export async function staffBrowser(world: World, subject: string): Promise<Browser> {
  return browserOf(world, { staffId: staffId(subject), personId: null, membershipId: membershipId(subject) });
}

/** A browser of a person who has never been here before. */
export async function personBrowser(world: World, personId: string = crypto.randomUUID()): Promise<Browser> {
  await world.database.transaction(systemScope('login'), async (tx) => {
    await tx.insert(persons).values({ id: personId, createdAt: world.clock.now() }).onConflictDoNothing();
  });
  return browserOf(world, { staffId: null, personId, membershipId: null });
}

async function browserOf(
  world: World,
  who: { staffId: string | null; personId: string | null; membershipId: string | null },
): Promise<Browser> {
  const assurance = who.personId === null ? 'organisationMember' : 'certificate';
  const { token } = await world.database.transaction(systemScope('login'), (tx) =>
    openSession(tx, world.services, { ...who, assurance, browser: '', formerToken: null }),
  );
  return new Browser(world.app, { '__Host-sid': token });
}

export interface Issued {
  readonly id: string;
  readonly code: string;
  readonly address: string;
  readonly expiresAt: string;
}

export interface Redeemed {
  readonly linkId: string;
  readonly state: 'pending' | 'confirmed';
  readonly checkNumber: string;
}

const aGuardian = {
  name: '葛城　健一',
  kana: 'カツラギ　ケンイチ',
  relation: 'father',
  custody: 'joint',
  contactMail: 'kenichi@example.jp',
  scope: ['records', 'health', 'ledger'],
} as const;

/** Sound: the routes' schemas describe what they answer. */
export async function bodyOf<T>(answer: Response | Promise<Response>, status: number): Promise<T> {
  const response = await answer;
  const text = await response.text();
  expect([response.status, text].slice(0, response.status === status ? 1 : 2)).toEqual([status]);
  return (text === '' ? null : JSON.parse(text)) as T;
}

/** A guardian as a clerk enters it, not confirmed yet. */
export async function enterGuardian(
  clerk: Browser,
  more: Readonly<Record<string, unknown>> = {},
  pupilId: string = aPupil.id,
): Promise<string> {
  const entered = clerk.send('POST', `/api/pupils/${pupilId}/guardians`, { ...aGuardian, ...more });
  return (await bodyOf<{ id: string }>(entered, 201)).id;
}

export async function issueCode(
  clerk: Browser,
  guardianId: string | null,
  pupilId: string = aPupil.id,
): Promise<Issued> {
  const relation = guardianId === null ? 'self' : 'guardian';
  return bodyOf(clerk.send('POST', `/api/pupils/${pupilId}/linking-codes`, { relation, guardianId }), 201);
}

export function redeem(browser: Browser, code: string, birthDate: string = aPupil.birthDate): Promise<Response> {
  return browser.send('POST', '/api/links', { code, birthDate });
}
