import type { Actor, PersonScope } from '../policy/actor.ts';
import { type Action, decide, ownThing, type Resource } from '../policy/decide.ts';
import type { MessageKey } from '../web/locales/ja.ts';

/** A thing one may want to do, in the reader's words, with the situation it is asked in. */
export interface Ability {
  readonly key: AbilityKey;
  readonly allowed: boolean;
  /** The rule of the table that decided; the same word stands in the log. */
  readonly rule: string;
  /** A log-in older than ten minutes has to be renewed first. */
  readonly freshLogin: boolean;
}

type AbilityKey = Extract<MessageKey, `ability.${string}`>;

/** Long after any log-in: what is owed then is what an old one owes. */
const longAfter = new Date(8.64e15);

/**
 * What whoever asks may do and may not, each answered by the one table (`decide`) and by nothing else. Nobody is told of
 * what others could do in another role: those who are logged in without a school get no list.
 */
export function abilitiesOf(actor: Actor): readonly Ability[] {
  if (actor.kind === 'anonymous' || actor.kind === 'unboundStaff') return [];
  const ofStaff = Object.entries(questions).map(([action, situations]) => [action, situations, null] as const);
  return (actor.kind === 'person' ? personQuestions : ofStaff).flatMap(([action, situations, scope]) =>
    Object.entries(situations).map(([name, situation]) => {
      // Sound: the keys of the tables below are actions, and each has its words (the type of the tables).
      const of = resourceFor(actor, situation, scope);
      const { allowed, rule, obligations } = decide(actor, action as Action, of, { now: longAfter });
      return { key: `ability.${name}` as AbilityKey, allowed, rule, freshLogin: obligations.includes('freshLogin') };
    }),
  );
}

type Situation = Partial<Resource>;
type Situations = { readonly [Key in AbilityKey as Key extends `ability.${infer Name}` ? Name : never]?: Situation };

const drafting = { side: 'sender', phase: 'drafting' } as const;
const opened = { side: 'recipient', phase: 'opened' } as const;

/** What persons do with their own log-ins, links, consents and certificates is no question to a school. */
type SchoolAction = Exclude<
  Action,
  | 'login.bind'
  | 'link.manage'
  | 'consent.give'
  | 'consent.withdraw'
  | 'certificate.request'
  | 'certificate.collect'
  | 'certificate.share'
  | 'certificate.unshare'
>;

/** Every action has its words: one without does not compile. */
const questions: Readonly<Record<SchoolAction, Situations>> = {
  'case.list': { 'case-list': {} },
  'case.read': { 'case-read': opened },
  'case.draft': { 'case-draft': {} },
  'document.add': {
    'document-add-records': { ...drafting, visibility: 'records' },
    'document-add-health': { ...drafting, visibility: 'health' },
  },
  'case.submit': { 'case-submit': drafting },
  'case.approve': { 'case-approve': drafting, 'case-approve-own': { ...drafting, drafter: true } },
  'case.seal': { 'case-seal': drafting },
  'case.deposit': { 'case-deposit': drafting },
  'case.withdraw': { 'case-withdraw': { side: 'sender', phase: 'deposited' } },
  'case.open': { 'case-open': { side: 'recipient', phase: 'deposited' } },
  'case.verify': { 'case-verify': opened },
  'case.return': { 'case-return': { side: 'recipient', phase: 'deposited' } },
  'case.acknowledge': { 'case-acknowledge': opened },
  'document.read': {
    'document-read-records': { ...opened, visibility: 'records' },
    'document-read-health': { ...opened, visibility: 'health' },
    'document-read-sent': { side: 'sender', phase: 'deposited', visibility: 'records' },
  },
  'expectation.manage': { 'expectation-manage': {} },
  'pupil.list': { 'pupil-list': {} },
  'pupil.link': { 'pupil-link': {} },
  'guardian.list': { 'guardian-list': {} },
  'guardian.manage': { 'guardian-manage': {} },
  'guardian.confirm': { 'guardian-confirm': {} },
  'guardian.suspend': { 'guardian-suspend': {} },
  'guardian.settle': { 'guardian-settle': {} },
  'accessCode.issue': { 'access-code-issue': {} },
  'ledger.read': { 'ledger-read': {} },
  'ledger.answer': { 'ledger-answer': {} },
  'ledger.hold': { 'ledger-hold': {} },
  'breakGlass.list': { 'break-glass-list': {} },
  'breakGlass.open': { 'break-glass-open': { ...opened, visibility: 'health' } },
  'breakGlass.review': { 'break-glass-review': {} },
  'protection.list': { 'protection-list': {} },
  'protection.enter': { 'protection-enter': {} },
  'protection.manage': { 'protection-manage': {} },
  'protection.confirm': { 'protection-confirm': {} },
  'key.manage': { 'key-manage': {} },
  'client.manage': { 'client-manage': {} },
  'member.list': { 'member-list': {} },
  'member.manage': { 'member-manage': {} },
  'certificate.read': { 'certificate-read': {} },
  'certificate.register': { 'certificate-register': {} },
  'certificate.configure': { 'certificate-configure': {} },
  'certificate.handle': { 'certificate-handle': {} },
  'certificate.check': { 'certificate-check': {} },
  'certificate.approve': { 'certificate-approve': {}, 'certificate-approve-own': { drafter: true } },
  'audit.read': { 'audit-read': {} },
  'alert.read': { 'alert-read': {} },
  'alert.configure': { 'alert-configure': {} },
  'calendar.manage': { 'calendar-manage': {} },
  'boardGlass.list': { 'board-glass-list': {} },
  'boardGlass.open': { 'board-glass-open': {} },
  'boardGlass.review': { 'board-glass-review': {} },
};

const own = { side: 'person', phase: 'opened' } as const;
/** With the part of a pupil's records that the school has opened to them; null where any part will do. */
const personQuestions: readonly (readonly [Action, Situations, PersonScope | null])[] = [
  ['case.read', { 'own-case': own }, null],
  ['document.read', { 'own-records': { ...own, visibility: 'records' } }, 'records'],
  ['document.read', { 'own-health': { ...own, visibility: 'health' } }, 'health'],
  ['ledger.read', { 'own-ledger': own }, 'ledger'],
  ['certificate.request', { 'own-certificate': own }, 'records'],
  ['link.manage', { 'own-links': {} }, null],
  ['login.bind', { 'own-log-in': {} }, null],
];

/** The situation as it is for this actor: the own class, and the pupils whom a school has confirmed. */
function resourceFor(actor: Actor, situation: Situation, needed: PersonScope | null): Resource {
  const homeroom = actor.kind === 'staff' ? actor.homeroom : null;
  const personEntitled =
    actor.kind === 'person' && actor.pupils.some(({ scope }) => needed === null || scope.includes(needed));
  return { ...ownThing, homeroom, personEntitled, ...situation };
}
