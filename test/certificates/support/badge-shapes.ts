import { z } from 'zod';

/**
 * What the published JSON schemas demand of Open Badges 3.0 (`ob_v3p0_achievementcredential_schema.json`) and CLR 2.0
 * (`clr_v2p0_clrcredential_schema.json`): required members, closed objects and vocabularies, as read from the repository of the
 * specification. Members that we do not use are left out, so that one that slips in is noticed.
 */
const uri = z.string().regex(/^(https?:\/\/|urn:uuid:)/);
const instant = z.iso.datetime({ precision: 0 });
const only = (type: string) => z.tuple([z.literal(type)]);
const extension = z.string().regex(/^ext:[\w.-]+$/);

const profile = z.strictObject({
  id: uri,
  type: only('Profile'),
  name: z.string(),
  description: z.string(),
  otherIdentifier: z.array(
    z.strictObject({ type: z.literal('IdentifierEntry'), identifier: z.string(), identifierType: extension }),
  ),
});

const identifier = z
  .array(
    z.strictObject({
      type: z.literal('IdentityObject'),
      hashed: z.literal(false),
      identityHash: z.string(),
      identityType: z.union([z.literal('name'), extension]),
    }),
  )
  .min(1);

const achievement = z.strictObject({
  id: uri,
  type: only('Achievement'),
  achievementType: z.union([z.literal('Course'), extension]),
  name: z.string(),
  description: z.string(),
  criteria: z.strictObject({ narrative: z.string() }),
  resultDescription: z
    .array(
      z.strictObject({ id: uri, type: only('ResultDescription'), name: z.string(), resultType: z.literal('Result') }),
    )
    .optional(),
});

const achievementSubject = z.strictObject({
  id: uri,
  type: only('AchievementSubject'),
  identifier,
  term: z.string().optional(),
  creditsEarned: z.number().optional(),
  achievement,
  result: z.array(z.strictObject({ type: only('Result'), resultDescription: uri, value: z.string() })).optional(),
});

const schemaOf = (id: string) =>
  z.tuple([z.strictObject({ id: z.literal(id), type: z.literal('1EdTechJsonSchemaValidator2019') })]);
const vc = z.literal('https://www.w3.org/ns/credentials/v2');
const badge = z.literal('https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json');
const clr = z.literal('https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json');
const badgeSchema = schemaOf(
  'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json',
);

/** One, with at least id and type; here always an entry of a W3C Bitstring Status List. */
const credentialStatus = z.strictObject({
  id: uri,
  type: z.literal('BitstringStatusListEntry'),
  statusPurpose: z.literal('revocation'),
  statusListIndex: z.string().regex(/^\d+$/),
  statusListCredential: uri,
});

const head = { id: uri, name: z.string(), issuer: profile, validFrom: instant, validUntil: instant, credentialStatus };
const kindOf = (type: string) => z.tuple([z.literal('VerifiableCredential'), z.literal(type)]);

export const openBadge = z.strictObject({
  ...head,
  '@context': z.tuple([vc, badge]),
  type: kindOf('OpenBadgeCredential'),
  credentialSubject: achievementSubject,
  credentialSchema: badgeSchema,
});

export const learnerRecord = z.strictObject({
  ...head,
  '@context': z.tuple([vc, clr, badge]),
  type: kindOf('ClrCredential'),
  credentialSubject: z.strictObject({
    id: uri,
    type: only('ClrSubject'),
    identifier,
    verifiableCredential: z
      .array(openBadge.extend({ type: z.union([kindOf('AchievementCredential'), kindOf('OpenBadgeCredential')]) }))
      .min(1),
  }),
  credentialSchema: schemaOf('https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json'),
});
