import { z } from 'zod';

const school = z.looseObject({ code: z.string(), name: z.string() });
const verdict = z.enum(['valid', 'invalid', 'notChecked']);

const document = z.looseObject({
  id: z.string(),
  kind: z.string(),
  form: z.string(),
  visibility: z.enum(['records', 'health']),
  title: z.string(),
  mediaType: z.string(),
  state: z.enum(['uploading', 'ready']),
  bytes: z.number().nullable(),
  sha256: z.string().nullable(),
  readable: z.boolean(),
});

const verification = z.looseObject({
  outcome: z.enum(['valid', 'invalid', 'unclear']),
  seal: verdict,
  issuer: verdict,
  time: verdict,
  digests: verdict,
  signer: z.string().nullable(),
  senderKey: z
    .looseObject({
      fingerprint: z.string(),
      registeredAt: z.string().nullable(),
      standing: z.enum(['confirmed', 'notYet', 'doubted']).nullable(),
      isNew: z.boolean(),
    })
    .nullable(),
  sealedAt: z.string().nullable(),
});

const summary = {
  id: z.string(),
  kind: z.enum(['advancement', 'schoolTransfer']),
  state: z.string(),
  side: z.string(),
  pupil: z.looseObject({ officialName: z.string(), displayName: z.string(), kana: z.string() }),
  sender: school,
  recipient: school.nullable(),
  updatedAt: z.string(),
};

/** What the commands read of the API's answers; the rest is handed on to `--json` as it came. */
export const caseShape = z.looseObject({
  ...summary,
  contentDigest: z.string().nullable(),
  documents: z.array(document),
  missing: z.array(z.string()),
  verification: verification.nullable(),
  receipts: z.array(z.looseObject({ id: z.string(), event: z.string(), issuedAt: z.string() })),
  may: z.array(z.string()),
});
export const casePageShape = z.looseObject({ items: z.array(z.looseObject(summary)), next: z.string().nullable() });
export const withdrawalsShape = z.looseObject({
  items: z.array(
    z.looseObject({
      caseId: z.string(),
      outcome: z.enum(['withdrawn', 'alreadyOpened', 'notWithdrawable', 'notFound']),
      case: z.looseObject(summary).nullable(),
    }),
  ),
});
export const documentShape = document;
export const receiptsShape = z.object({
  items: z.array(z.looseObject({ id: z.string(), event: z.string(), issuedAt: z.string() })),
});
export const pupilsShape = z.object({
  items: z.array(z.looseObject({ id: z.string(), displayName: z.string(), kana: z.string(), homeroom: z.string() })),
});

export type Case = z.output<typeof caseShape>;
export type CaseDocument = z.output<typeof documentShape>;
export type CasePage = z.output<typeof casePageShape>;
