import type { Actor, AssuranceLevel, MachineScope, PersonActor, Role } from './actor.ts';
import { isFresh } from './fresh.ts';

/** Everything anybody can ask to do; each verb asks in one place. */
export const actions = [
  'case.list',
  'case.read',
  'case.draft',
  'case.submit',
  'case.approve',
  'case.seal',
  'case.deposit',
  'case.withdraw',
  'case.open',
  'case.verify',
  'case.return',
  'case.acknowledge',
  'document.add',
  'document.read',
  'expectation.manage',
  'pupil.list',
  'pupil.link',
  'guardian.list',
  'guardian.manage',
  'guardian.confirm',
  'guardian.suspend',
  'guardian.settle',
  'accessCode.issue',
  'login.bind',
  'link.manage',
  'consent.give',
  'consent.withdraw',
  'ledger.read',
  'ledger.answer',
  'ledger.hold',
  'breakGlass.list',
  'breakGlass.open',
  'breakGlass.review',
  'protection.list',
  'protection.enter',
  'protection.manage',
  'protection.confirm',
  'key.manage',
  'client.manage',
  'member.list',
  'member.manage',
  'certificate.read',
  'certificate.register',
  'certificate.configure',
  'certificate.handle',
  'certificate.check',
  'certificate.approve',
  'certificate.request',
  'certificate.collect',
  'certificate.share',
  'certificate.unshare',
  'audit.read',
  'alert.read',
  'alert.configure',
  'calendar.manage',
  'boardGlass.list',
  'boardGlass.open',
  'boardGlass.review',
] as const;
export type Action = (typeof actions)[number];

/** What is known about the thing asked for; null where the question does not arise. */
export interface Resource {
  /** Which side of the case the actor's school stands on; `own` when no case is involved. */
  readonly side: 'sender' | 'recipient' | 'person' | 'own' | 'none';
  /** Has the case left the sender's drafting (deposited or later)? */
  readonly phase: 'drafting' | 'deposited' | 'opened' | 'ended' | null;
  readonly visibility: 'records' | 'health' | null;
  /** Homeroom of the pupil at the actor's school. */
  readonly homeroom: string | null;
  /** Is the actor, as a person, the one who drafted this case, entered this guardian or issued this code? */
  readonly drafter: boolean;
  /** Has the school confirmed that this person is, or is guardian of, the pupil, and does the kind reach persons? */
  readonly personEntitled: boolean;
  /** Has this very actor opened this very document by break-glass, not longer ago than that lasts? */
  readonly glassBroken: boolean;
  /**
   * Is the pupil under a protection order (支援措置), and if so: has the actor's school named this member of staff, or is
   * this person the pupil and not excluded?
   */
  readonly protection: 'none' | 'named' | 'unnamed';
}

/** What an allowed actor has to do first: prove once more who they are. */
export type Obligation = 'freshLogin';

export interface Decision {
  readonly allowed: boolean;
  /** For the audit log: the rule that decided. */
  readonly rule: string;
  /** What still stands between an allowed actor and the act; empty when nothing does. */
  readonly obligations: readonly Obligation[];
}

/** What a decision may depend on beside who, what and which. */
export interface Circumstances {
  readonly now: Date;
}

/** The one table of permissions (docs/permissions.md). Denied unless a line allows. Pure. */
export function decide(actor: Actor, action: Action, resource: Resource, { now }: Circumstances): Decision {
  const verdict = judge(actor, action, resource);
  const isStale = verdict.allowed && freshActions.includes(action) && !isFresh(actor, now);
  return { ...verdict, obligations: isStale ? ['freshLogin'] : [] };
}

/** Whether the table allows it at all: what a page may offer. What is owed first is told when the act is done. */
export function isAllowed(actor: Actor, action: Action, resource: Resource): boolean {
  return judge(actor, action, resource).allowed;
}

/** A session left open in the staff room must not approve, change keys, people or clients, or break the glass (ASVS 7.5.3). */
const freshActions: readonly Action[] = [
  'case.approve',
  'key.manage',
  'member.manage',
  'client.manage',
  'breakGlass.open',
  'boardGlass.open',
  'login.bind',
  'consent.give',
  'protection.manage',
  'protection.confirm',
  'certificate.configure',
  'certificate.approve',
  'alert.configure',
];

type Verdict = Pick<Decision, 'allowed' | 'rule'>;

function judge(actor: Actor, action: Action, resource: Resource): Verdict {
  // Before everything else, so that no other reason tells that there is something.
  if (isShutOut(actor, resource)) return deny('protected');
  switch (actor.kind) {
    case 'anonymous':
    case 'unboundStaff':
      return deny('no-school');
    case 'person':
      return decideForPerson(actor, action, resource);
    case 'machine':
      return decideForMachine(actor.scopes, action, resource);
    case 'staff':
      return decideForStaff(actor.role, actor.homeroom, { action, resource });
  }
}

/** Need to know: the principal, whom the principal names, and the pupil; never a machine. */
function isShutOut(actor: Actor, { protection }: Resource): boolean {
  if (protection === 'none') return false;
  if (actor.kind === 'machine') return true;
  return protection === 'unnamed' && !(actor.kind === 'staff' && actor.role === 'principal');
}

export const ownThing: Resource = {
  side: 'own',
  phase: null,
  visibility: null,
  homeroom: null,
  drafter: false,
  personEntitled: false,
  glassBroken: false,
  protection: 'none',
};

const personActions: readonly Action[] = ['case.read', 'document.read', 'ledger.read'];
/** What persons do with their own log-ins and links: about nobody's case. */
const selfActions: readonly Action[] = ['login.bind', 'link.manage'];
/** What persons do about a pupil's certificates: ask for one, take it, and let others see it. */
const certificateActions: readonly Action[] = ['certificate.request', 'certificate.collect', 'certificate.share'];

function decideForPerson({ assurance, revocation }: PersonActor, action: Action, resource: Resource): Verdict {
  if (selfActions.includes(action)) return decideForSelf(assurance, resource);
  if (action === 'consent.give') return decideConsent({ assurance, revocation }, resource);
  // Whoever takes back takes away: any log-in will do.
  if (action === 'consent.withdraw') return isOwnPupil(resource) ? allow('person-self') : deny('person-not-linked');
  if (resource.side !== 'person' || !resource.personEntitled) return deny('person-not-linked');
  if (action === 'certificate.unshare') return allow('person-own');
  if (certificateActions.includes(action)) {
    return revocation === 'good' ? allow('person-own') : deny('revocation-not-checked');
  }
  // A person sees the case and, once it is on its way, the documents that policy allows; a draft is not theirs yet.
  if (resource.phase === null || resource.phase === 'drafting') return deny('person-draft');
  // A card that may have been reported stolen shows what is there, never what stands in it (docs/path-validation.md §6).
  if (action === 'document.read' && revocation !== 'good') return deny('revocation-not-checked');
  // Health data is special-care data (要配慮個人情報): it wants the card.
  if (action === 'document.read' && assurance === 'schoolCode' && resource.visibility !== 'records') {
    return deny('school-code-health');
  }
  return personActions.includes(action) ? allow('person-own') : deny('person-acts');
}

/** A paper and a mail are weak proof: what lasts longer than this session is not done with them. */
function decideForSelf(level: AssuranceLevel, { side }: Resource): Verdict {
  if (side !== 'own') return deny('not-a-party');
  return level === 'schoolCode' ? deny('school-code-never') : allow('person-self');
}

/** What lasts up to a year wants a proof that is neither weak nor, maybe, stolen; and no order that forbids it. */
function decideConsent(
  { assurance, revocation }: Pick<PersonActor, 'assurance' | 'revocation'>,
  resource: Resource,
): Verdict {
  if (!isOwnPupil(resource)) return deny('person-not-linked');
  if (assurance === 'schoolCode') return deny('school-code-never');
  if (resource.protection !== 'none') return deny('consent-protected');
  return revocation === 'good' ? allow('person-self') : deny('revocation-not-checked');
}

/** For consents the one who is entitled is the pupil. */
function isOwnPupil({ side, personEntitled }: Resource): boolean {
  return side === 'person' && personEntitled;
}

function decideForMachine(scopes: readonly MachineScope[], action: Action, resource: Resource): Verdict {
  if (resource.side === 'none' || resource.side === 'person') return deny('not-a-party');
  const needed = machineScopeFor(action, resource);
  if (needed === null) return deny('machine-never');
  if (!scopes.includes(needed)) return deny(`scope-missing:${needed}`);
  return action === 'document.read' ? contentReachable(resource) : onRightSide(action, resource);
}

/** The scope a machine client needs; approval, keys, people and who saw what are never a machine's. */
function machineScopeFor(action: Action, resource: Resource): MachineScope | null {
  switch (action) {
    case 'case.list':
    case 'case.read':
    case 'pupil.list':
      return 'transfers:read';
    case 'document.read':
      return resource.visibility === 'health' ? 'health:read' : 'records:read';
    case 'document.add':
      return resource.visibility === 'health' ? 'health:write' : 'transfers:write';
    case 'case.draft':
    case 'case.submit':
    case 'case.seal':
    case 'case.deposit':
    case 'case.withdraw':
    case 'case.open':
    case 'case.verify':
    case 'case.return':
    case 'case.acknowledge':
    case 'expectation.manage':
      return 'transfers:write';
    case 'case.approve':
    case 'pupil.link':
    case 'guardian.list':
    case 'guardian.manage':
    case 'guardian.confirm':
    case 'guardian.suspend':
    case 'guardian.settle':
    case 'accessCode.issue':
    case 'login.bind':
    case 'link.manage':
    case 'consent.give':
    case 'consent.withdraw':
    case 'ledger.read':
    case 'ledger.answer':
    case 'ledger.hold':
    case 'breakGlass.list':
    case 'breakGlass.open':
    case 'breakGlass.review':
    case 'protection.list':
    case 'protection.enter':
    case 'protection.manage':
    case 'protection.confirm':
    case 'key.manage':
    case 'client.manage':
    case 'member.list':
    case 'member.manage':
    case 'certificate.read':
    case 'certificate.register':
    case 'certificate.configure':
    case 'certificate.handle':
    case 'certificate.check':
    case 'certificate.approve':
    case 'certificate.request':
    case 'certificate.collect':
    case 'certificate.share':
    case 'certificate.unshare':
    case 'audit.read':
    case 'alert.read':
    case 'alert.configure':
    case 'calendar.manage':
    case 'boardGlass.list':
    case 'boardGlass.open':
    case 'boardGlass.review':
      return null;
  }
}

const staffActions: Readonly<Record<Role, readonly Action[]>> = {
  clerk: [
    'case.list',
    'case.read',
    'case.draft',
    'case.submit',
    'case.seal',
    'case.deposit',
    'case.withdraw',
    'case.open',
    'case.verify',
    'case.return',
    'case.acknowledge',
    'document.add',
    'document.read',
    'expectation.manage',
    'pupil.list',
    'pupil.link',
    'guardian.list',
    'guardian.manage',
    'guardian.suspend',
    'accessCode.issue',
    'protection.list',
    'certificate.read',
    'certificate.register',
    'certificate.handle',
    'certificate.check',
  ],
  principal: [
    'case.list',
    'case.read',
    'case.draft',
    'case.submit',
    'case.approve',
    'case.seal',
    'case.deposit',
    'case.withdraw',
    'case.open',
    'case.verify',
    'case.return',
    'case.acknowledge',
    'document.add',
    'document.read',
    'expectation.manage',
    'pupil.list',
    'pupil.link',
    'guardian.list',
    'guardian.manage',
    'guardian.confirm',
    'guardian.suspend',
    'guardian.settle',
    'accessCode.issue',
    'ledger.read',
    'ledger.answer',
    'ledger.hold',
    'breakGlass.list',
    'breakGlass.review',
    'protection.list',
    'protection.enter',
    'protection.manage',
    'protection.confirm',
    'key.manage',
    'client.manage',
    'member.list',
    'member.manage',
    'certificate.read',
    'certificate.register',
    'certificate.configure',
    'certificate.handle',
    'certificate.approve',
    'audit.read',
    'alert.read',
  ],
  vicePrincipal: [
    'case.list',
    'case.read',
    'document.read',
    'ledger.read',
    'ledger.answer',
    'ledger.hold',
    'breakGlass.list',
    'breakGlass.open',
    'pupil.list',
    'guardian.list',
    'guardian.confirm',
    'guardian.suspend',
    'protection.list',
    'protection.enter',
    'protection.confirm',
    'audit.read',
    'alert.read',
  ],
  homeroomTeacher: [
    'case.list',
    'case.read',
    'document.read',
    'pupil.list',
    'guardian.list',
    'guardian.confirm',
    'guardian.suspend',
    'protection.list',
    'protection.confirm',
  ],
  schoolNurse: ['case.list', 'case.read', 'document.add', 'document.read', 'protection.list'],
  administrator: ['member.list', 'member.manage', 'alert.read'],
  auditor: [
    'audit.read',
    'alert.read',
    'alert.configure',
    'calendar.manage',
    'boardGlass.list',
    'boardGlass.open',
    'boardGlass.review',
  ],
};

const fourEyes: readonly Action[] = ['case.approve', 'guardian.confirm', 'protection.confirm', 'certificate.approve'];

/** These ask about one pupil of the own school: a homeroom teacher has those of the own class. */
const guardianActions: readonly Action[] = ['guardian.list', 'guardian.confirm', 'guardian.suspend'];

function decideForStaff(
  role: Role,
  homeroom: string | null,
  { action, resource }: { action: Action; resource: Resource },
): Verdict {
  if (!staffActions[role].includes(action)) return deny(`${role}-never`);
  if (resource.side === 'none' || resource.side === 'person') return deny('not-a-party');
  const ofOnePupil = resource.side !== 'own' || guardianActions.includes(action);
  if (role === 'homeroomTeacher' && ofOnePupil && resource.homeroom !== homeroom) {
    return deny('other-homeroom');
  }
  if (action === 'document.add') {
    if (role === 'schoolNurse' && resource.visibility !== 'health') return deny('nurse-health-only');
    return onRightSide(action, resource);
  }
  if (action === 'document.read') return decideContent(role, resource);
  if (action === 'breakGlass.open') return decideBreakGlass(resource);
  // Four eyes: nobody approves what they drafted, nor confirms what they entered or issued, not even by a second
  // account (ASVS 2.3.5).
  if (fourEyes.includes(action) && resource.drafter) return deny('four-eyes');
  return onRightSide(action, resource);
}

/** Who reads content: the table of the threat model; a clerk handles a case without reading it. */
function decideContent(role: Role, resource: Resource): Verdict {
  const reachable = contentReachable(resource);
  if (!reachable.allowed) return reachable;
  const health = resource.visibility === 'health';
  switch (role) {
    case 'principal':
      return allow('principal-content');
    case 'vicePrincipal':
      if (health) return resource.glassBroken ? allow('vicePrincipal-broken-glass') : deny('vicePrincipal-health');
      return allow('vicePrincipal-records');
    case 'homeroomTeacher':
      return health ? deny('homeroomTeacher-health') : allow('homeroomTeacher-own-class');
    case 'schoolNurse':
      return health ? allow('schoolNurse-health') : deny('schoolNurse-records');
    case 'clerk':
      if (resource.side !== 'sender' || resource.phase !== 'drafting') return deny('clerk-no-content');
      if (health) return deny('clerk-health-no-read-back');
      return resource.drafter ? allow('clerk-own-draft') : deny('clerk-other-draft');
    case 'administrator':
    case 'auditor':
      return deny(`${role}-no-content`);
  }
}

/** Break-glass opens what the role may not read but lies within the school's reach, and nothing else. */
function decideBreakGlass(resource: Resource): Verdict {
  const reachable = contentReachable(resource);
  if (!reachable.allowed) return reachable;
  return resource.visibility === 'health' ? allow('break-glass') : deny('break-glass-needless');
}

/** The sender reads until deposit, the recipient from opening on; nobody reads in between. */
function contentReachable(resource: Resource): Verdict {
  if (resource.side === 'sender')
    return resource.phase === 'drafting' ? allow('sender-draft') : deny('left-the-sender');
  if (resource.side === 'recipient') {
    return resource.phase === 'opened' || resource.phase === 'ended' ? allow('recipient-opened') : deny('not-opened');
  }
  return deny('not-a-party');
}

function onRightSide(action: Action, { side }: Resource): Verdict {
  switch (action) {
    case 'case.submit':
    case 'case.approve':
    case 'case.seal':
    case 'case.deposit':
    case 'document.add':
      return side === 'sender' ? allow('sender') : deny('sender-only');
    case 'case.open':
    case 'case.verify':
    case 'case.return':
    case 'case.acknowledge':
      return side === 'recipient' ? allow('recipient') : deny('recipient-only');
    case 'case.draft':
    // On its own side: several at once, each of which is asked for again.
    case 'case.withdraw':
      return side === 'own' || side === 'sender' ? allow('sender') : deny('sender-only');
    case 'case.list':
    case 'case.read':
    case 'document.read':
    case 'expectation.manage':
    case 'pupil.list':
    case 'pupil.link':
    case 'guardian.list':
    case 'guardian.manage':
    case 'guardian.confirm':
    case 'guardian.suspend':
    case 'guardian.settle':
    case 'accessCode.issue':
    case 'login.bind':
    case 'link.manage':
    case 'consent.give':
    case 'consent.withdraw':
    case 'ledger.read':
    case 'ledger.answer':
    case 'ledger.hold':
    case 'breakGlass.list':
    case 'breakGlass.open':
    case 'breakGlass.review':
    case 'protection.list':
    case 'protection.enter':
    case 'protection.manage':
    case 'protection.confirm':
    case 'key.manage':
    case 'client.manage':
    case 'member.list':
    case 'member.manage':
    case 'certificate.read':
    case 'certificate.register':
    case 'certificate.configure':
    case 'certificate.handle':
    case 'certificate.check':
    case 'certificate.approve':
    case 'certificate.request':
    case 'certificate.collect':
    case 'certificate.share':
    case 'certificate.unshare':
    case 'audit.read':
    case 'alert.read':
    case 'alert.configure':
    case 'calendar.manage':
    case 'boardGlass.list':
    case 'boardGlass.open':
    case 'boardGlass.review':
      return allow('own-school');
  }
}

function allow(rule: string): Verdict {
  return { allowed: true, rule };
}

function deny(rule: string): Verdict {
  return { allowed: false, rule };
}
