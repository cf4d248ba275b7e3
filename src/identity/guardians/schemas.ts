import { z } from '@hono/zod-openapi';
import { personScopes } from '../../policy/actor.ts';
import { linkRelations } from '../links/tables.ts';
import { guardianDeeds, guardianParts } from './rules.ts';
import { custodies, guardianRelations, guardianSubjects } from './tables.ts';

const instant = z.iso.datetime();
const standing = z.enum(['pending', 'notYet', 'confirmed', 'granted', 'disputed', 'over', 'ofAge', 'ended']);
const scope = z.array(z.enum(personScopes)).readonly();
/** One line that people read: no control characters, which would break pages and mails. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u);

const guardianContent = {
  name: line(100),
  kana: line(200),
  relation: z.enum(guardianRelations),
  custody: z.enum(custodies),
  contactMail: z.email().max(200).nullable().default(null),
  scope: z.array(z.enum(personScopes)).min(1).max(3),
  validFrom: z.iso.date().nullable().default(null),
  validUntil: z.iso.date().nullable().default(null),
};

export const guardianRequest = z.strictObject(guardianContent).openapi('GuardianRequest');

export const guardianCorrection = z
  .strictObject({
    ...guardianContent,
    validFrom: guardianContent.validFrom.openapi({ description: 'null leaves the first day as it is' }),
    version: z.int().min(1).openapi({ description: 'The version that was looked at' }),
  })
  .openapi('GuardianCorrection');

export const disputeRequest = z.strictObject({ reason: line(400) }).openapi('DisputeRequest');

export const settlementRequest = z
  .strictObject({ outcome: z.enum(['restored', 'ended']), reason: line(400) })
  .openapi('SettlementRequest');

export const guardianEndRequest = z
  .strictObject({
    reason: line(400),
    lastDay: z.iso.date().nullable().default(null).openapi({ description: 'The last day of access; null ends it now' }),
  })
  .openapi('GuardianEndRequest');

export const linkConfirmation = z
  .strictObject({ checkNumber: z.string().min(1).max(20).openapi({ description: 'Six digits, as the person says' }) })
  .openapi('LinkConfirmation');

const guardian = z
  .object({
    id: z.string(),
    pupilId: z.string(),
    name: z.string(),
    kana: z.string(),
    relation: z.enum(guardianRelations),
    custody: z.enum(custodies),
    contactMail: z.string().nullable(),
    scope: scope.openapi({
      description: 'As the school has set it; of a pupil of age counts what stands in the consent',
    }),
    validFrom: z.iso.date(),
    validUntil: z.iso.date().nullable(),
    state: standing,
    consent: z
      .object({ givenOn: z.iso.date(), until: z.iso.date(), scope })
      .nullable()
      .openapi({ description: 'What the pupil, of age, has given this guardian, while it counts' }),
    reason: z.string().nullable(),
    enteredAt: instant,
    confirmedAt: instant.nullable(),
    corrected: z
      .array(z.enum(guardianParts))
      .readonly()
      .openapi({ description: 'What was corrected since somebody confirmed it last' }),
    version: z.int(),
    may: z.array(z.enum(guardianDeeds)).readonly(),
  })
  .openapi('Guardian');

const pupil = z.object({ id: z.string(), name: z.string(), kana: z.string(), homeroom: z.string() });

export const guardianList = z
  .object({
    pupil,
    ofAgeFrom: z.iso.date().openapi({ description: 'The 18th birthday: from this day guardians see nothing' }),
    isOfAge: z.boolean(),
    guardians: z.array(guardian),
    codes: z.array(
      z.object({
        id: z.string(),
        relation: z.enum(linkRelations),
        guardianId: z.string().nullable(),
        state: z.enum(['open', 'used', 'expired', 'wornOut', 'withdrawn']),
        issuedAt: instant,
        expiresAt: instant,
      }),
    ),
    isProtected: z.boolean(),
    may: z.object({ enter: z.boolean(), issueCode: z.boolean(), protect: z.boolean() }),
  })
  .openapi('GuardianList');

export const pendingList = z
  .object({
    links: z.array(
      z.object({
        id: z.string(),
        pupil,
        relation: z.enum(linkRelations),
        guardian: guardian.nullable(),
        askedAt: instant,
        assurance: z.string(),
        issuedBy: z.string(),
        namedLikeIssuer: z.boolean(),
        may: z.object({ confirm: z.boolean(), refuse: z.boolean() }),
      }),
    ),
    guardians: z.array(z.object({ pupil, guardian })),
  })
  .openapi('PendingList');

export const linkView = z
  .object({
    id: z.string(),
    pupilId: z.string(),
    pupilName: z.string().nullable(),
    schoolCode: z.string().nullable(),
    relation: z.enum(linkRelations),
    guardianId: z.string().nullable(),
    state: standing,
    scope,
    linkedAt: instant,
    until: z.iso.date().nullable(),
    checkNumber: z.string().nullable().openapi({ description: 'For the person alone: tell it to the school' }),
  })
  .openapi('Link');

export const noticeList = z
  .object({
    notices: z.array(
      z.object({
        pupilId: z.string(),
        pupilName: z.string().nullable(),
        subject: z.enum(guardianSubjects),
        requestId: z.string().nullable().openapi({ description: 'Of a certificate, for whoever may open it' }),
        at: instant,
      }),
    ),
  })
  .openapi('NoticeList');
