import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { webCryptoSigner } from '../../../src/crypto/signer.ts';
import type { Identity } from '../../../src/demo/certificate-maker.node.ts';
import type { DemoSchoolKey } from '../../../src/demo/schools.ts';
import { loginText } from '../../../src/identity/rules.ts';
import { openMachineClientSession } from '../../support/machine-session.ts';
import { openHeaderSession, type Session } from '../../support/session.ts';
import type { HostileWorld } from './world.ts';

/** The school-affairs system of a school, with a token for all its scopes. */
export async function openMachineSession(world: HostileWorld, school: DemoSchoolKey): Promise<Session> {
  const client = world.demo.machineClients.find((one) => one.school === school);
  if (client === undefined) throw new Error('no such machine');
  return openMachineClientSession(world, client, client.scopes);
}

export interface Challenge {
  readonly id: string;
  readonly challenge: string;
}

/** What a person signs, with the lies of a hostile one. */
export interface Lies {
  readonly origin?: string;
  readonly purpose?: string;
}

export function identityOf(world: HostileWorld, id: string): Identity {
  const identity = world.demo.authorities.persons.get(id);
  if (identity === undefined) throw new Error(`no certificate ${id}`);
  return identity;
}

/** Where a gateway listens, and the origin that it believes to be its own. */
export interface Door {
  readonly url: string;
  readonly origin: string;
}

export function doorOf({ origin }: HostileWorld): Door {
  return { url: origin, origin };
}

export async function askForChallenge(door: Door, purpose = 'login'): Promise<Challenge> {
  const answer = await post(door, '/api/login/challenges', { purpose });
  // Sound: the route's schema describes it.
  return (await answer.json()) as Challenge;
}

export interface Answering {
  readonly identity: Identity;
  readonly challenge: Challenge;
  readonly lies?: Lies;
}

export async function answerChallenge(door: Door, answering: Answering): Promise<Response> {
  return post(door, '/api/login/certificate', await proofFor(door, answering));
}

/** The body that answers a challenge, for the log-in or for whatever else wants one. */
export async function proofFor(door: Door, { identity, challenge, lies }: Answering) {
  const signer = await webCryptoSigner(identity.pkcs8, identity.chain, identity.algorithm);
  const text = loginText({
    challenge: challenge.challenge,
    challengeId: challenge.id,
    origin: lies?.origin ?? door.origin,
    purpose: lies?.purpose ?? 'login',
  });
  return {
    challengeId: challenge.id,
    certificates: identity.chain.map((der) => Buffer.from(der).toString('base64')),
    signature: Buffer.from(await signer.sign(text)).toString('base64'),
  };
}

/** A person of the demonstration who has logged in by certificate; linked to nobody yet. */
export async function openPersonSession(world: HostileWorld, id: string): Promise<Session> {
  const challenge = await askForChallenge(doorOf(world));
  const answer = await answerChallenge(doorOf(world), { identity: identityOf(world, id), challenge });
  expect(answer.status).toBe(200);
  return openHeaderSession(world.origin, { cookie: cookieOf(answer) });
}

/** The same, linked by the code that the school handed out (or another) and confirmed by the homeroom teacher. */
export async function openLinkedSession(
  world: HostileWorld,
  id: string,
  school: DemoSchoolKey,
  other?: { readonly code: string; readonly birthDate: string },
): Promise<Session> {
  const person = await openPersonSession(world, id);
  const plan = world.demo.guide.persons.find(({ file }) => file === `${id}.p12`);
  const paper = other ?? { code: plan?.linkingCode, birthDate: plan?.pupil?.birthDate };
  const redeemed = await person.json('POST', '/api/links', paper);
  expect([id, redeemed.status]).toEqual([id, 201]);
  const teacher = await world.as(`${school}-homeroomTeacher`);
  const { linkId, checkNumber } = redeemed.body;
  const confirmed = await teacher.json('POST', `/api/links/${linkId}/confirmation`, { checkNumber });
  expect([id, confirmed.status]).toEqual([id, 204]);
  return person;
}

/** Somebody whom a school's paper and the number from the guardian's mail let in; the gateway's own outbox sends it. */
export async function openPaperSession(
  world: HostileWorld,
  of: { readonly school: DemoSchoolKey; readonly guardianId: string },
): Promise<Session> {
  const clerk = await world.as(`${of.school}-clerk`);
  const issued = await clerk.json('POST', '/api/pupils/pupil-01/access-codes', { guardianId: of.guardianId });
  expect(issued.status).toBe(201);
  const door = doorOf(world);
  const begun = await post(door, '/api/login/code-attempts', { code: issued.body.code });
  // Sound: the route's schema describes it.
  const { attempt } = (await begun.json()) as { attempt: string };
  const number = await mailedNumber(world.demo.environment['MAIL_DIRECTORY'] ?? '', `${of.guardianId}@example.jp`);
  const done = await post(door, '/api/login/code', { attempt, number });
  expect(done.status).toBe(200);
  return openHeaderSession(world.origin, { cookie: cookieOf(done) });
}

/** The number that was mailed to this address, once it is there. */
function mailedNumber(folder: string, to: string): Promise<string> {
  return vi.waitFor(
    async () => {
      const names = await readdir(folder);
      const mails = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
      const bodies = mails.filter((mail) => mail.includes(`To: ${to}`)).map((mail) => mail.split('\r\n\r\n')[1] ?? '');
      const texts = bodies.map((body) => Buffer.from(body, 'base64').toString('utf8'));
      const numbers = texts.flatMap((text) => /確認番号: (\d{6})/.exec(text)?.[1] ?? []);
      const last = numbers.at(-1);
      if (last === undefined) throw new Error(`no number has been mailed to ${to}`);
      return last;
    },
    { timeout: 20_000, interval: 200 },
  );
}

function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ');
}

function post({ url, origin }: Door, path: string, body: unknown): Promise<Response> {
  const headers = { origin, 'content-type': 'application/json', accept: 'application/json' };
  return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}
