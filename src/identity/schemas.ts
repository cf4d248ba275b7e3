import { z } from '@hono/zod-openapi';
import { machineScopes, roles } from '../policy/actor.ts';
import { tokenFaults } from './issue-access-token.ts';
import { linkRelations } from './links/tables.ts';
import { challengePurposes } from './rules.ts';

const base64 = z.base64().max(32_768);
const instant = z.iso.datetime();

export const challengeRequest = z.object({ purpose: z.enum(challengePurposes) }).openapi('ChallengeRequest');

export const challengeAnswer = z
  .object({
    id: z.string(),
    challenge: z.string().openapi({ description: '256 random bits, base64url' }),
    origin: z.string().openapi({ description: 'Compose the text with the origin that you see, not with this one' }),
    expiresAt: instant,
  })
  .openapi('Challenge');

export const certificateProof = z
  .object({
    challengeId: z.string().max(64),
    certificates: z.array(base64).min(1).max(5).openapi({ description: 'DER, leaf first' }),
    signature: z
      .base64()
      .max(2048)
      .openapi({
        description:
          'Over the lines electronic-locker/login/v1, origin, purpose, challenge id, challenge, joined by LF: ' +
          'RSA PKCS#1 v1.5 with SHA-256; ECDSA P-256 with SHA-256 or P-384 with SHA-384 as r‖s',
      }),
  })
  .openapi('CertificateProof');

export const identityAnswer = z
  .object({
    kind: z.enum(['staff', 'unboundStaff', 'person', 'machine', 'anonymous']),
    name: z.string().nullable(),
    school: z.object({ code: z.string(), name: z.string(), nameEnglish: z.string() }).nullable(),
    role: z.enum(roles).nullable(),
    homeroom: z.string().nullable(),
    assurance: z.string().nullable(),
    revocation: z
      .enum(['good', 'notChecked'])
      .nullable()
      .openapi({ description: 'notChecked: nobody could tell whether the certificate is revoked; no document opens' }),
    scopes: z.array(z.enum(machineScopes)).nullable(),
    canSwitch: z.boolean(),
  })
  .openapi('Identity');

export const sessionList = z
  .object({
    sessions: z.array(
      z.object({
        id: z.string(),
        browser: z.string(),
        createdAt: instant,
        lastSeenAt: instant,
        expiresAt: instant,
        authenticatedAt: instant,
        assurance: z.string(),
        current: z.boolean(),
      }),
    ),
  })
  .openapi('SessionList');

export const membershipList = z
  .object({
    memberships: z.array(
      z.object({
        id: z.string(),
        schoolCode: z.string(),
        schoolName: z.string(),
        schoolNameEnglish: z.string(),
        role: z.enum(roles),
        homeroom: z.string().nullable(),
        chosen: z.boolean(),
      }),
    ),
  })
  .openapi('MembershipList');

export const membershipChoice = z.object({ membershipId: z.string().max(100) }).openapi('MembershipChoice');

export const linkingCodeRequest = z
  .object({
    relation: z.enum(linkRelations),
    guardianId: z.string().max(100).nullable().default(null).openapi({ description: 'Of the guardian it is for' }),
  })
  .openapi('LinkingCodeRequest');

export const linkingCodeAnswer = z
  .object({
    id: z.string(),
    code: z.string().openapi({ description: 'Shown once; only its hash is kept' }),
    address: z.string().openapi({ description: 'For a QR; the code stands behind # and reaches no server log' }),
    expiresAt: instant,
  })
  .openapi('LinkingCode');

export const linkRequest = z
  .object({
    code: z.string().min(1).max(100),
    birthDate: z.iso.date().openapi({ description: 'Birth date of the pupil' }),
  })
  .openapi('LinkRequest');

export const linkAnswer = z
  .object({
    linkId: z.string(),
    relation: z.enum(linkRelations),
    state: z.enum(['pending', 'confirmed']),
    checkNumber: z.string().nullable().openapi({ description: 'Tell it to the school, which confirms by it' }),
  })
  .openapi('RedeemedLink');

/** RFC 6749 §4.4.2 with RFC 7523 §2.2. */
export const tokenRequest = z
  .object({
    grant_type: z.string().optional(),
    client_assertion_type: z.string().optional(),
    client_assertion: z.string().max(8192).optional(),
    client_id: z.string().max(200).optional(),
    scope: z.string().max(500).optional(),
  })
  .openapi('TokenRequest');

export const tokenAnswer = z
  .object({
    access_token: z.string(),
    token_type: z.literal('DPoP'),
    expires_in: z.number().int(),
    scope: z.string(),
  })
  .openapi('AccessToken');

/** RFC 7517 §5: what a provider verifies our `private_key_jwt` with. */
export const clientKeySet = z
  .object({
    keys: z.array(
      z.object({
        kty: z.string(),
        crv: z.string(),
        x: z.string(),
        y: z.string(),
        kid: z.string(),
        alg: z.string(),
        use: z.string(),
      }),
    ),
  })
  .openapi('ClientKeySet');

/** RFC 6749 §5.2, RFC 9449 §5. */
export const tokenProblem = z.object({ error: z.enum(tokenFaults) }).openapi('TokenProblem');
