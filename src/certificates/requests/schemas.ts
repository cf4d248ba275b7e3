import { z } from '@hono/zod-openapi';
import { assuranceLevels } from '../../policy/actor.ts';
import { certificateKinds, issuedKinds, personKinds } from '../../records/certificate-kinds.ts';
import { certificateStatement } from '../../records/certificate-statement.ts';
import { fileNumber } from '../file-number.ts';
import { certifiedFieldNames } from '../statement.ts';
import { certificateStates, revocationReasons, revocationRefusals } from '../tables.ts';
import { maxCopies, purposes, refusals, relations, replacements, requestStates } from './rules.ts';

const instant = z.iso.datetime();

export const wish = {
  kind: z.enum(personKinds),
  language: z.enum(['ja', 'en']),
  copies: z.int().min(1).max(maxCopies).default(1),
  purpose: z.enum(purposes),
};

/** Consent in a body: given, and to which words. */
export const consent = {
  consent: z.literal(true).openapi({ description: 'That the school certifies this to me' }),
  consentText: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .default(null)
    .openapi({
      description: 'SHA-256 of the words that were shown (`consent.sha256` of the offers); null for words of your own',
    }),
};

export const askBody = z
  .strictObject({
    pupilId: z.string().max(100),
    ...wish,
    ...consent,
  })
  .openapi('CertificateWish');

/** RFC 7515 §7.2.2. */
export const flattenedJws = z
  .object({
    protected: z.string(),
    payload: z.string(),
    signature: z.string(),
    header: z.record(z.string(), z.unknown()).optional(),
  })
  .openapi('FlattenedJws');

export const agentReference = fileNumber.openapi({
  description: 'Where the school keeps the power of attorney: a number of its files, no name',
});

export const enterBody = z
  .strictObject({ entryId: z.string().max(100), ...wish, agentReference })
  .openapi('CertificateWishOfAgent');

export const refusalBody = z.strictObject({ reason: z.enum(refusals) }).openapi('CertificateRefusal');

export const requestView = z
  .object({
    id: z.string(),
    school: z.string(),
    formerSchool: z.object({ code: z.string(), name: z.string().nullable() }).nullable(),
    pupilId: z.string().nullable(),
    entryId: z.string().nullable(),
    relation: z.enum(relations),
    kind: z.enum(certificateKinds),
    language: z.enum(['ja', 'en']),
    copies: z.int(),
    purpose: z.enum(purposes),
    hasConsent: z
      .boolean()
      .openapi({ description: 'Whether a person agreed here; else it was entered on a power of attorney' }),
    feeYen: z.int().openapi({ description: 'For all copies; it is paid outside the gateway' }),
    assurance: z.enum(assuranceLevels),
    agentReference: z.string().nullable(),
    state: z.enum(requestStates),
    version: z.int(),
    problem: z
      .object({ code: z.string(), character: z.string().optional(), codePoint: z.string().optional() })
      .nullable(),
    refusal: z.enum(refusals).nullable(),
    replacement: z
      .object({ of: z.string(), number: z.string().nullable(), reason: z.enum(replacements) })
      .nullable()
      .openapi({ description: 'The certificate that what is issued takes the place of' }),
    approval: z.enum(['principal', 'rule']).nullable(),
    requestedAt: instant,
    checkedAt: instant.nullable(),
    approvedAt: instant.nullable(),
    endedAt: instant.nullable(),
    certificates: z
      .array(
        z.object({
          id: z.string(),
          number: z.string(),
          kind: z.enum(issuedKinds),
          copy: z.int(),
          state: z.enum(certificateStates),
          issuedOn: z.iso.date(),
          level: z.enum(['B-T', 'B-LT', 'B-LTA']).nullable(),
          revocation: z
            .enum(revocationReasons)
            .nullable()
            .openapi({ description: 'Why it was revoked, or while it is valid why the school considers it' }),
          declined: z.enum(revocationRefusals).nullable(),
          replacedBy: z.object({ request: z.string(), number: z.string() }).readonly().nullable(),
        }),
      )
      .readonly(),
  })
  .openapi('CertificateRequest');

export const listedRequest = requestView.extend({ pupilName: z.string().nullable() });

export const outlook = z.union([
  z.object({ can: z.literal(true), statement: certificateStatement }),
  z.object({
    can: z.literal(false),
    code: z.string(),
    params: z.record(z.string(), z.string()),
  }),
]);

export const ownRequests = z
  .object({
    offers: z
      .array(
        z.object({
          pupilId: z.string(),
          pupilName: z.string(),
          school: z.string(),
          schoolName: z.string(),
          kinds: z
            .array(
              z.object({
                kind: z.enum(personKinds),
                fields: z.array(z.enum(certifiedFieldNames)).readonly(),
                feeYen: z.int(),
                atOnce: z.boolean(),
              }),
            )
            .readonly(),
        }),
      )
      .readonly(),
    requests: z.array(requestView).readonly(),
    consent: z
      .object({ language: z.enum(['ja', 'en']), shown: z.string(), sha256: z.string() })
      .readonly()
      .openapi({ description: 'The words of consent to show, in the language of the request' }),
  })
  .openapi('OwnCertificates');
