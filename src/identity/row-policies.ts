import { sql } from 'drizzle-orm';
import { type AnyPgColumn, pgPolicy } from 'drizzle-orm/pg-core';
import { anyOf, isPerson, needToKnow, systemJob } from '../database/policies.ts';

/** The record of the guardian who is asking. */
export function linkedGuardian(guardianId: AnyPgColumn) {
  return sql`exists (select 1 from pupil_links l where l.guardian_id = ${guardianId} and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), ''))`;
}

/** The pupil is the person who is asking, as the school has confirmed. */
export function isOwnPupil(pupilId: AnyPgColumn) {
  return sql`exists (select 1 from pupil_links l where l.pupil_id = ${pupilId} and l.relation = 'self' and l.confirmed_at is not null and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), ''))`;
}

export function loginOnly(name: string) {
  return pgPolicy(name, { for: 'all', using: systemJob('login'), withCheck: systemJob('login') });
}

/** The log-in by paper: it opens sessions, and alone of all log-ins it looks at links and makes them. */
export function accessCodeOnly(name: string) {
  return pgPolicy(name, { for: 'all', using: systemJob('access-code'), withCheck: systemJob('access-code') });
}

/** A person sees their own links and records, protected or not; what is behind them the cases' own policy decides. */
export function ofKnownPupil(pupilId: AnyPgColumn) {
  return anyOf(isPerson, needToKnow({ subjects: sql`'pupil:' || ${pupilId}` }));
}

export function directoryJob() {
  return systemJob('directory');
}
