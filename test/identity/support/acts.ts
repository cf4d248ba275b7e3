import postgres from 'postgres';
import { confirmGuardian } from '../../../src/identity/guardians/confirm-guardian.ts';
import { enterGuardian, type NewGuardian } from '../../../src/identity/guardians/enter-guardian.ts';
import { tellGuardiansJob } from '../../../src/identity/guardians/notify-guardians.ts';
import type { IdentityServices } from '../../../src/identity/services.ts';
import { drain } from '../../../src/notices/drain.ts';
import type { JobPayload } from '../../../src/notices/outbox.ts';
import type { PersonActor, PersonEntitlement, Role, StaffActor } from '../../../src/policy/actor.ts';
import type { Result } from '../../../src/result.ts';
import { personActor, staffActor } from '../../policy/support/decisions.ts';
import { eventsOf, type LoggedEvent } from './log.ts';
import { openWorld, schoolCode, staffId, type World } from './world.ts';

/** Noon of 20 November 2026 in Japan. */
export const begun = new Date('2026-11-20T03:00:00Z');
export const birthDate = '2012-05-05';
export const homeroom = '6年1組';

type Row = Readonly<Record<string, unknown>>;

/** Verbs asked one by one, at a clock that stands still, and what they leave in rows, log and jobs. */
export interface Acts {
  readonly world: World;
  readonly services: IdentityServices;
  readonly admin: postgres.Sql;
  /** Sets the clock to so many days after the beginning, where it stays. */
  setDay(days: number): void;
  /** Another beginning: the database has the clock of the machine, and some policies want an act to be of now. */
  begin(at: Date): void;
  pupil(more?: Row): Promise<string>;
  /** Entered by the clerk, and unless told confirmed by the principal. */
  guardian(pupilId: string, more?: Partial<NewGuardian>, how?: 'pending' | 'confirmed'): Promise<string>;
  /** The one row of a table with this id. */
  row(table: string, id: string): Promise<Row | undefined>;
  set(table: string, id: string, changes: Row): Promise<void>;
  last(): Promise<LoggedEvent | undefined>;
  /** What guardians were to be told of since it was asked last. */
  told(): Promise<readonly JobPayload[]>;
  /** The jobs of every kind that were queued since; nobody does them. */
  jobs(): Promise<readonly JobPayload[]>;
  close(): Promise<void>;
}

export async function openActs(): Promise<Acts> {
  const world = await openWorld();
  const admin = postgres(world.adminUrl, { max: 1, transform: postgres.camel });
  let beginning = begun;
  let now = begun;
  const services = { ...world.services, clock: { now: () => now } };
  return {
    world,
    services,
    admin,
    setDay: (days) => {
      now = new Date(beginning.getTime() + days * 86_400_000);
    },
    begin: (at) => {
      beginning = at;
      now = at;
    },
    pupil: async (more = {}) => {
      const id = `pupil-${crypto.randomUUID()}`;
      const names = { official_name: '辻󠄀　一', display_name: '辻　一', kana: 'ツジ　ハジメ' };
      const place = { school_code: schoolCode('elementary'), grade: '6', homeroom };
      await admin`insert into pupils ${admin({ id, birth_date: birthDate, ...names, ...place, ...more })}`;
      return id;
    },
    guardian: async (pupilId, more = {}, how = 'confirmed') => {
      const who = { name: '葛城　健一', kana: 'カツラギ　ケンイチ', relation: 'father', custody: 'joint' } as const;
      const what = { contactMail: 'kenichi@example.jp', scope: ['records', 'ledger'] } as const;
      const days = { validFrom: null, validUntil: null };
      const entered = await enterGuardian(services, staff('clerk'), { pupilId, ...who, ...what, ...days, ...more });
      const { id } = valueOf(entered);
      if (how === 'confirmed') valueOf(await confirmGuardian(services, staff('principal'), id));
      return id;
    },
    row: async (table, id) => (await admin<Row[]>`select * from ${admin(table)} where id = ${id}`)[0],
    set: async (table, id, changes) => {
      await admin`update ${admin(table)} set ${admin(changes)} where id = ${id}`;
    },
    last: async () => (await eventsOf(world)).at(-1),
    told: async () => {
      const told: JobPayload[] = [];
      const handlers = { [tellGuardiansJob]: async ({ payload }: { payload: JobPayload }) => void told.push(payload) };
      while ((await drain(world.database, handlers)).done > 0) continue;
      return told;
    },
    jobs: async () => {
      const rows = await admin<{ kind: string; payload: JobPayload }[]>`delete from outbox returning kind, payload`;
      return rows.map(({ kind, payload }) => ({ kind, ...payload }));
    },
    close: async () => {
      await admin.end();
      await world.drop();
    },
  };
}

export function staff(role: Role, school: 'elementary' | 'juniorHigh' = 'elementary'): StaffActor {
  const id = staffId(`${school}-${role}`);
  const who = { staffId: id, personKey: id, school: schoolCode(school), authenticatedAt: begun };
  return { ...staffActor(role, role === 'homeroomTeacher' ? homeroom : null), ...who };
}

export function person(pupils: readonly PersonEntitlement[] = []): PersonActor {
  return { ...personActor, personId: `person-${crypto.randomUUID()}`, pupils, authenticatedAt: begun };
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.fault.code}`);
  return result.value;
}

/** `done`, or the code of the fault with what the log has. */
export async function outcomeOf(asked: Promise<Result<unknown>>): Promise<string> {
  const result = await asked;
  if (result.ok) return 'done';
  const { code, detail, fields } = result.fault;
  return [code, detail, ...Object.values(fields ?? {})].filter((part) => part !== undefined).join(' ');
}
