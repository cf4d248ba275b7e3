import { z } from '@hono/zod-openapi';
import { roles } from '../policy/actor.ts';
import { proposedClientView } from './clients/schemas.ts';

const day = z.iso.date();
const instant = z.iso.datetime();
/** A person's name as typed; control characters have no place in one. */
const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}+$/u);
const homeroom = z
  .string()
  .trim()
  .min(1)
  .max(50)
  .regex(/^\P{Cc}+$/u)
  .nullable();

const term = {
  role: z.enum(roles),
  homeroom: z.string().nullable(),
  validFrom: day,
  validTo: day.nullable(),
};

export const grantBody = z
  .strictObject({
    staffId: z.string().max(100).nullable().default(null).openapi({
      description: 'An account that the school knows; null makes an invitation',
    }),
    name,
    role: z.enum(roles),
    homeroom: homeroom.default(null),
    validFrom: day,
    validTo: day.nullable().default(null),
  })
  .openapi('RoleGrant');

export const changeBody = z
  .strictObject({ homeroom: homeroom.default(null), validFrom: day, validTo: day.nullable().default(null) })
  .openapi('MembershipChange');

export const endBody = z
  .strictObject({ validTo: day.nullable().default(null).openapi({ description: 'The last day; null: at once' }) })
  .openapi('MembershipEnd');

export const outcome = z
  .object({
    outcome: z.enum(['done', 'proposed']),
    proposalId: z.string().nullable(),
    id: z.string().nullable().openapi({ description: 'The membership or invitation; null while it is only proposed' }),
  })
  .openapi('ActOutcome');

export const memberList = z
  .object({
    today: day,
    members: z
      .array(
        z.object({
          ...term,
          id: z.string(),
          staffId: z.string(),
          name: z.string(),
          account: z.string(),
          state: z.enum(['inForce', 'toCome']),
          lastLoginAt: instant.nullable(),
          sameAs: z.array(z.string()).readonly(),
        }),
      )
      .readonly(),
    invitations: z
      .array(z.object({ ...term, id: z.string(), name: z.string(), codeExpiresAt: instant.nullable() }))
      .readonly(),
  })
  .openapi('MemberList');

export const invitationCode = z
  .object({
    id: z.string(),
    code: z.string().openapi({ description: 'Shown once; only its hash is kept' }),
    address: z.string(),
    expiresAt: instant,
  })
  .openapi('InvitationCode');

export const memberChange = z.union([
  z.object({ act: z.literal('grant'), staffId: z.string(), name: z.string(), ...term }),
  z.object({ act: z.literal('invite'), name: z.string(), ...term }),
  z.object({ act: z.literal('change'), membershipId: z.string(), name: z.string(), ...term }),
  z.object({
    act: z.literal('end'),
    membershipId: z.string(),
    name: z.string(),
    role: z.enum(roles),
    validTo: day.nullable(),
  }),
]);

export const proposalList = z
  .object({
    items: z
      .array(
        z.object({
          id: z.string(),
          kind: z.enum([
            'members',
            'personSplit',
            'sealKeyRegister',
            'sealKeyWithdraw',
            'clientRegister',
            'clientChange',
            'clientKey',
          ]),
          state: z.enum(['pending', 'confirmed', 'cancelled', 'expired']),
          proposedBy: z.string(),
          proposedAt: instant,
          expiresAt: instant,
          decidedBy: z.string().nullable(),
          decidedAt: instant.nullable(),
          changes: z.array(memberChange).readonly(),
          subject: z.string().nullable(),
          client: proposedClientView.nullable(),
          confirmers: z.array(z.string()).readonly().openapi({ description: 'Names of those who could confirm it' }),
          mayConfirm: z.boolean(),
        }),
      )
      .readonly(),
  })
  .openapi('ProposalList');

export const accountList = z
  .object({
    items: z
      .array(
        z.object({
          staffId: z.string(),
          name: z.string(),
          account: z.string(),
          person: z.string().openapi({ description: 'Equal for accounts of one human' }),
        }),
      )
      .readonly(),
  })
  .openapi('AccountList');

export const mergeBody = z
  .strictObject({ staffIds: z.tuple([z.string().max(100), z.string().max(100)]) })
  .openapi('PersonMerge');

export const proposed = z.object({ proposalId: z.string() }).openapi('Proposed');

export const proposedKeyAct = z
  .object({ proposalId: z.string(), subject: z.string(), fingerprint: z.string() })
  .openapi('ProposedKeyAct');

export const sealKey = z
  .object({
    subject: z.string(),
    algorithm: z.string(),
    fingerprint: z.string(),
    notAfter: instant,
    addedAt: instant,
    place: z.enum(['gateway', 'school']).openapi({ description: 'Where the private key is' }),
  })
  .openapi('SealKey');

export const formerSealKeys = z
  .object({
    items: z
      .array(
        z.object({
          subject: z.string(),
          fingerprint: z.string(),
          addedAt: instant,
          retiredAt: instant.nullable(),
          standing: z
            .enum(['confirmed', 'notYet', 'doubted'])
            .openapi({ description: 'Whether the log holds its registration by two persons' }),
        }),
      )
      .readonly(),
  })
  .openapi('FormerSealKeys');
