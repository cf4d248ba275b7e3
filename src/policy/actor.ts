import type { ActorScope } from '../database/scope.ts';

/** Roles of people who work in a school (docs/permissions.md, docs/glossary.md). */
export const schoolRoles = ['principal', 'vicePrincipal', 'clerk', 'homeroomTeacher', 'schoolNurse'] as const;
export type SchoolRole = (typeof schoolRoles)[number];

export function isSchoolRole(role: Role): role is SchoolRole {
  return schoolRoles.some((one) => one === role);
}

/**
 * With 設置者の管理者, who looks after the people of the founder's schools and sees no case and no record, and 監査担当, who
 * acts at a board of education and sees how the cases of its schools go, never a record nor a pupil.
 */
export const roles = [...schoolRoles, 'administrator', 'auditor'] as const;
export type Role = (typeof roles)[number];

/** How strongly the person behind an act was authenticated; it stands on every act and receipt. */
export const assuranceLevels = [
  'organisationPrime',
  'organisationMember',
  'certificate',
  'digitalAuthenticationApp',
  'schoolCode',
  'machine',
] as const;
export type AssuranceLevel = (typeof assuranceLevels)[number];

/**
 * Whether somebody could say that the certificate behind a log-in is not revoked. Only some authorities are set to let the unchecked in,
 * to see and never to read (docs/operations.md, REVOCATION_FILE). What has no certificate is `good`.
 */
export type RevocationStanding = 'good' | 'notChecked';

export const machineScopes = [
  'transfers:read',
  'transfers:write',
  'records:read',
  'health:read',
  'health:write',
] as const;
export type MachineScope = (typeof machineScopes)[number];

/** A member of staff acts in exactly one chosen role at one chosen school at a time. */
export interface StaffActor {
  readonly kind: 'staff';
  readonly staffId: string;
  /** Two accounts of one human share this: four eyes are counted by person, not by account. */
  readonly personKey: string;
  readonly school: string;
  readonly role: Role;
  readonly homeroom: string | null;
  readonly assurance: AssuranceLevel;
  /** When they last proved who they are, not when they were last seen: weighty acts want it to be recent. */
  readonly authenticatedAt: Date;
  readonly sessionId: string;
}

/** A school-affairs system (校務支援システム) acting for one school within its scopes. */
export interface MachineActor {
  readonly kind: 'machine';
  readonly clientId: string;
  readonly school: string;
  readonly scopes: readonly MachineScope[];
}

/** What of a pupil's records a person may see; a guardian's part is set by the school. */
export const personScopes = ['records', 'health', 'ledger'] as const;
export type PersonScope = (typeof personScopes)[number];

/** One pupil whom a person is, or is guardian of, today: confirmed by the school, not disputed, not ended, not of age. */
export interface PersonEntitlement {
  readonly pupilId: string;
  readonly relation: 'self' | 'guardian';
  readonly scope: readonly PersonScope[];
}

/** A pupil or guardian who proved possession of a personal certificate. */
export interface PersonActor {
  readonly kind: 'person';
  readonly personId: string;
  /** Read anew at every request: what has been ended or suspended is gone at once. */
  readonly pupils: readonly PersonEntitlement[];
  readonly assurance: AssuranceLevel;
  readonly revocation: RevocationStanding;
  readonly authenticatedAt: Date;
  readonly sessionId: string;
}

/** A log-in that has not chosen a school yet; it may choose one or log out, nothing else. */
export interface UnboundStaffActor {
  readonly kind: 'unboundStaff';
  readonly staffId: string;
  readonly sessionId: string;
}

export interface AnonymousActor {
  readonly kind: 'anonymous';
}

export type Actor = StaffActor | MachineActor | PersonActor | UnboundStaffActor | AnonymousActor;

/** What the database is told about the actor before anything else in a transaction. */
export function scopeOf(actor: Actor): ActorScope {
  switch (actor.kind) {
    case 'staff':
      return { actor: `staff:${actor.staffId}`, school: actor.school, role: actor.role };
    case 'machine':
      return { actor: `machine:${actor.clientId}`, school: actor.school };
    case 'person':
      return { actor: `person:${actor.personId}`, person: actor.personId };
    case 'unboundStaff':
      return { actor: `staff:${actor.staffId}` };
    case 'anonymous':
      return { actor: 'anonymous' };
  }
}
