import { z } from '@hono/zod-openapi';
import { caseKinds, documentForms, documentKinds, mediaTypes, visibilities } from '../records/kinds.ts';
import { caseStates, deliveryGrades } from './tables.ts';
import { innerSignatures } from './verdict.ts';
import { caseActs } from './view.ts';
import { maxWithdrawals, withdrawalOutcomes } from './withdrawal-outcome.ts';

/** Shapes of the API, one place for routes and OpenAPI. */
const instant = z.iso.datetime();
const verdict = z.enum(['valid', 'invalid', 'notChecked']);
const schoolName = z
  .object({ code: z.string(), name: z.string(), prefecture: z.string(), town: z.string() })
  .openapi('SchoolName');

const summaryFields = {
  id: z.string(),
  kind: z.enum(caseKinds),
  state: z.enum(caseStates),
  version: z.int(),
  side: z.enum(['sender', 'recipient', 'person']),
  pupil: z.object({ officialName: z.string(), displayName: z.string(), kana: z.string() }),
  sender: schoolName,
  recipient: schoolName.nullable(),
  updatedAt: instant,
  isProtected: z.boolean(),
};

export const caseSummarySchema = z.object(summaryFields).openapi('CaseSummary');

export const documentSchema = z
  .object({
    id: z.string(),
    kind: z.enum(documentKinds),
    form: z.enum(documentForms),
    visibility: z.enum(visibilities),
    title: z.string(),
    mediaType: z.string(),
    state: z.enum(['uploading', 'ready']),
    bytes: z.number().nullable(),
    sha256: z.string().nullable(),
    findings: z.array(z.string()).readonly(),
    readable: z.boolean(),
    mayBreakGlass: z.boolean(),
    grades: z.array(z.object({ grade: z.enum(deliveryGrades), reachedAt: instant }).readonly()).readonly(),
    custody: z
      .object({
        holder: z.string(),
        formerHolder: z.string().nullable(),
        movedAt: z.string().nullable(),
        receipt: z.string().nullable(),
      })
      .readonly()
      .nullable(),
  })
  .openapi('Document');

const verificationSchema = z
  .object({
    outcome: z.enum(['valid', 'invalid', 'unclear']),
    seal: verdict,
    issuer: verdict,
    time: verdict,
    digests: verdict,
    signer: z.string().nullable(),
    senderKey: z
      .object({
        fingerprint: z.string(),
        registeredAt: instant.nullable().openapi({ description: 'Null: the sender never registered it' }),
        standing: z.enum(['confirmed', 'notYet', 'doubted']).nullable().openapi({
          description: 'Whether the log holds the registration by two persons',
        }),
        isNew: z.boolean().openapi({ description: 'Registered less than thirty days before it sealed' }),
      })
      .readonly()
      .nullable(),
    sealedAt: z.string().nullable(),
    reasons: z.array(z.string()).readonly(),
    documents: z
      .array(z.object({ id: z.string(), digest: verdict, innerSignature: z.enum(innerSignatures) }).readonly())
      .readonly(),
    checkedAt: instant,
  })
  .openapi('Verification');

const receiptSummary = z.object({ id: z.string(), event: z.string(), eventId: z.string(), issuedAt: instant });

export const caseSchema = z
  .object({
    ...summaryFields,
    birthDate: z.string().nullable(),
    legalBasis: z.string(),
    purpose: z.string(),
    attempt: z.int(),
    addressedByCode: z.boolean(),
    contentDigest: z.string().nullable(),
    documents: z.array(documentSchema).readonly(),
    missing: z.array(z.string()).readonly(),
    approval: z.object({ role: z.string(), approvedAt: instant, expiresAt: instant }).readonly().nullable(),
    verification: verificationSchema.nullable(),
    receipts: z.array(receiptSummary.readonly()).readonly(),
    times: z
      .object({
        createdAt: instant,
        sealedAt: instant.nullable(),
        depositedAt: instant.nullable(),
        openedAt: instant.nullable(),
        verifiedAt: instant.nullable(),
        closedAt: instant.nullable(),
      })
      .readonly(),
    reason: z.string().nullable(),
    approvalByAnother: z.boolean(),
    may: z.array(z.enum(caseActs)).readonly(),
  })
  .openapi('Case');

export const draftSchema = z
  .strictObject({
    kind: z.enum(caseKinds),
    pupilId: z.string().min(1).max(64),
    recipientCode: z.string().max(40).nullable().default(null),
    acceptanceCode: z.string().max(64).nullable().default(null),
    purpose: z.string().max(400).default(''),
  })
  .openapi('CaseDraft');

export const recipientSchema = z
  .strictObject({
    recipientCode: z.string().max(40).nullable().default(null),
    acceptanceCode: z.string().max(64).nullable().default(null),
  })
  .openapi('Recipient');

export const announceSchema = z
  .strictObject({
    kind: z.enum(documentKinds),
    form: z.enum(documentForms),
    title: z.string().min(1).max(120),
    mediaType: z.enum(mediaTypes),
  })
  .openapi('DocumentAnnouncement');

export const submissionSchema = z.strictObject({ confirmIncomplete: z.boolean().default(false) }).openapi('Submission');
export const approvalSchema = z.strictObject({ contentDigest: z.string().length(64) }).openapi('Approval');
export const sealSchema = z.strictObject({ confirmation: z.string().max(13) }).openapi('SealRequest');
/** RFC 7515 §7.2.2; what is in it is verified, not described. */
const flattenedJws = z
  .strictObject({
    protected: z.string().max(50_000),
    payload: z.string().max(120_000),
    signature: z.string().max(2000),
    header: z.strictObject({ sigTst: z.string().max(40_000) }).optional(),
  })
  .openapi('SealedManifest');
const sealVisibility = z.enum(visibilities);

export const sealBytesSchema = z
  .object({
    payload: z.base64().openapi({ description: 'The manifest, byte for byte (RFC 8785), base64' }),
    typ: z.string(),
    fingerprint: z.string().openapi({ description: 'SHA-256 of the registered seal certificate' }),
  })
  .openapi('SealBytes');
export const stampSchema = z.strictObject({ manifest: flattenedJws }).openapi('SealToStamp');
export const stampedSchema = z
  .object({
    manifest: flattenedJws,
    containers: z.array(z.object({ visibility: sealVisibility, manifestXml: z.base64() })).readonly(),
  })
  .openapi('StampedSeal');
export const ownSealSchema = z
  .strictObject({
    confirmation: z.string().max(13),
    manifest: flattenedJws,
    containers: z
      .array(
        z.strictObject({
          visibility: sealVisibility,
          signature: z.base64().max(60_000).openapi({ description: 'Detached CAdES-B over manifestXml, DER' }),
        }),
      )
      .max(visibilities.length),
  })
  .openapi('OwnSeal');
export const reasonSchema = z.strictObject({ reason: z.string().trim().min(1).max(400) }).openapi('Reason');

export const withdrawalsSchema = z
  .strictObject({
    cases: z.array(z.string().max(64)).min(1).max(maxWithdrawals).openapi({ description: 'No case twice' }),
    reason: z.string().trim().min(1).max(400),
  })
  .openapi('Withdrawals');

export const withdrawnSchema = z
  .object({
    items: z
      .array(
        z.object({
          caseId: z.string(),
          outcome: z.enum(withdrawalOutcomes),
          case: caseSummarySchema.nullable().openapi({ description: 'As it is now; null when there is none' }),
        }),
      )
      .readonly(),
  })
  .openapi('WithdrawalOutcomes');

export const openingSchema = z
  .strictObject({
    acceptanceCode: z.string().max(64).nullable().default(null),
    pupil: z
      .strictObject({ kana: z.string().max(400), birthDate: z.iso.date() })
      .nullable()
      .default(null),
    homeroom: z.string().max(40).nullable().default(null),
  })
  .openapi('Opening');

export const expectationSchema = z
  .object({
    id: z.string(),
    kind: z.enum(caseKinds),
    pupilName: z.string(),
    pupilKana: z.string(),
    pupilBirthDate: z.string(),
    homeroom: z.string().nullable(),
    createdAt: instant,
    expiresAt: instant,
    caseId: z.string().nullable(),
    isProtected: z.boolean(),
  })
  .openapi('Expectation');

export const announcedSchema = expectationSchema.extend({ acceptanceCode: z.string() }).openapi('AnnouncedPupil');

export const expectSchema = z
  .strictObject({
    kind: z.enum(caseKinds).default('schoolTransfer'),
    pupilName: z.string().trim().min(1).max(200),
    pupilKana: z.string().trim().min(1).max(200),
    pupilBirthDate: z.iso.date(),
    homeroom: z.string().max(40).nullable().default(null),
  })
  .openapi('ExpectedPupil');

export const renewalSchema = z
  .object({
    version: z.literal('hikitsugi-renewal/1'),
    objects: z.array(z.object({ name: z.string(), sha256: z.string() })),
    stamps: z.array(z.object({ token: z.string(), crls: z.array(z.string()) })),
  })
  .openapi('RenewalRecord');

export const receiptSchema = z
  .object({
    id: z.string(),
    event: z.string(),
    eventId: z.string(),
    issuedAt: instant,
    evidence: z.object({
      protected: z.string(),
      payload: z.string(),
      signature: z.string(),
      header: z.record(z.string(), z.unknown()).optional(),
    }),
  })
  .openapi('Receipt');

export const ledgerLineSchema = z
  .object({
    at: instant,
    event: z.string(),
    side: z.enum(['sender', 'recipient', 'person', 'gateway']),
    organisation: z.string().nullable().openapi({
      description: 'Code of the school in whose part of the log it stands; null for persons, and where it is not told',
    }),
    role: z.string(),
    assurance: z.string().nullable().openapi({ description: 'How strongly whoever did it had been authenticated' }),
    outcome: z.enum(['done', 'refused']),
    /** Of an emergency: its kind. */
    reason: z.string().nullable(),
    eventId: z.string(),
  })
  .openapi('LedgerLine');

export const reportSchema = z.strictObject({ eventId: z.uuid() }).openapi('AccessReport');
