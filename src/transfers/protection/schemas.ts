import { z } from '@hono/zod-openapi';
import { protectionSources } from '../../directory/protection-sources.ts';
import { maxNamed } from './enter-protection.ts';
import { subjectKinds } from './subject.ts';

const id = z.string().min(1).max(64);
const day = z.iso.date();
const instant = z.iso.datetime();

const terms = {
  source: z.enum(protectionSources).exclude(['otherSchool']),
  reviewOn: day,
  excludesPupil: z.boolean().default(false),
  members: z.array(id).max(maxNamed).default([]),
};

/** No address, no name, no free text: what is not asked for cannot leak. */
export const protectionRequest = z
  .strictObject({ subject: z.strictObject({ kind: z.enum(subjectKinds), id }), startsOn: day, ...terms })
  .openapi('ProtectionRequest');

export const protectionChange = z.strictObject(terms).openapi('ProtectionChange');
export const clearanceRequest = z.strictObject({ guardianId: id }).openapi('ClearanceRequest');

export const protectionSchema = z
  .object({
    id: z.string(),
    subject: z.object({ kind: z.enum(subjectKinds), id: z.string(), name: z.string() }).readonly(),
    source: z.enum(protectionSources),
    startsOn: day,
    reviewOn: day,
    isReviewDue: z.boolean(),
    excludesPupil: z.boolean(),
    members: z.array(z.object({ staffId: z.string(), name: z.string() }).readonly()).readonly(),
    guardians: z
      .array(
        z
          .object({
            id: z.string(),
            name: z.string(),
            clearance: z.enum(['none', 'waiting', 'cleared']),
            may: z.array(z.enum(['ask', 'confirm', 'end'])).readonly(),
          })
          .readonly(),
      )
      .readonly(),
    enteredBy: z.string(),
    enteredAt: instant,
    liftAskedAt: instant.nullable(),
    liftedAt: instant.nullable(),
    may: z.array(z.enum(['change', 'askLift', 'refuseLift', 'confirmLift'])).readonly(),
  })
  .openapi('Protection');
