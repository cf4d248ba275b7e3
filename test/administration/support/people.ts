import { expect } from 'vitest';
import type { DemoBoardKey, DemoSchoolKey } from '../../../src/demo/schools.ts';
import { dayInJapan } from '../../../src/identity/rules.ts';
import { codeOf, type HostileWorld } from '../../hostile/support/world.ts';
import type { AnswerBody } from '../../support/answer.ts';
import { openSessionOf, type Session } from '../../support/session.ts';

/** An administrator, the city's unless told, who has chosen this school or the board. */
export async function administratorAt(
  world: HostileWorld,
  school: DemoSchoolKey | DemoBoardKey,
  subject = 'hibarino-administrator',
): Promise<Session> {
  const session = await openSessionOf(world.origin, subject);
  const chosen = await session.json('PUT', '/api/session/membership', {
    membershipId: `${subject}:${codeOf(school)}`,
  });
  expect(chosen.status).toBe(204);
  return session;
}

export function today(world: HostileWorld, days = 0): string {
  return dayInJapan(new Date(world.clock.now().getTime() + days * 86_400_000));
}

/** The terms of one account at the school of the session. */
export async function termsOf(session: Session, account: string): Promise<readonly AnswerBody[]> {
  const { status, body } = await session.json('GET', '/api/members');
  expect(status).toBe(200);
  return body.members.filter((one) => one.account === account);
}

/** A proposal that must come about. */
export async function proposalOf(answer: { readonly status: number; readonly body: AnswerBody }): Promise<string> {
  expect(answer.body).toMatchObject({ outcome: 'proposed' });
  return answer.body.proposalId;
}

export function confirm(session: Session, proposalId: string) {
  return session.json('POST', `/api/proposals/${proposalId}/confirmation`);
}
