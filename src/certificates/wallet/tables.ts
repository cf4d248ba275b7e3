import { index, integer, pgPolicy, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { ownPerson, systemJob } from '../../database/policies.ts';
import type { AssuranceLevel, RevocationStanding } from '../../policy/actor.ts';
import type { IssuedKind } from '../../records/certificate-kinds.ts';
import { issuedCertificates } from '../tables.ts';
import type { AuthorizationState, OfferState } from './rules.ts';

/** What calls of wallets run as: they know no session. */
const job = systemJob('wallet');

/**
 * A person's offer of one certificate to a wallet of theirs (OpenID4VCI). No code, number or token stands here, only their keyed hashes;
 * gone soon after its end.
 */
export const walletOffers = pgTable(
  'wallet_offers',
  {
    id: text('id').primaryKey(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => issuedCertificates.id),
    kind: text('kind').$type<IssuedKind>().notNull(),
    schoolCode: text('school_code').notNull(),
    personId: text('person_id').notNull(),
    /** Of the log-in that made the offer: what the wallet gets rests on it. */
    assurance: text('assurance').$type<AssuranceLevel>().notNull(),
    revocation: text('revocation').$type<RevocationStanding>().notNull(),
    sessionId: text('session_id').notNull(),
    authenticatedAt: instant('authenticated_at').notNull(),
    codeHash: text('code_hash').notNull().unique(),
    stateHash: text('state_hash').notNull().unique(),
    /** scrypt over the keyed number. */
    pinHash: text('pin_hash').notNull(),
    pinMisses: integer('pin_misses').notNull().default(0),
    state: text('state').$type<OfferState>().notNull(),
    tokenHash: text('token_hash').unique(),
    /** Thumbprint of the key that the token is bound to (RFC 9449 §6.1); null for a bearer token. */
    tokenKey: text('token_key'),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    index('wallet_offers_by_age').on(table.expiresAt),
    index('wallet_offers_by_person').on(table.personId),
    pgPolicy('wallet_offers_job', { for: 'all', using: job, withCheck: job }),
    pgPolicy('wallet_offers_own_read', { for: 'select', using: ownPerson(table.personId) }),
    pgPolicy('wallet_offers_own_insert', { for: 'insert', withCheck: ownPerson(table.personId) }),
  ],
);

/** A wallet's way over the browser to its owner's agreement and back (authorization code with PKCE, after a pushed request). */
export const walletAuthorizations = pgTable(
  'wallet_authorizations',
  {
    requestHash: text('request_hash').primaryKey(),
    offerId: text('offer_id')
      .notNull()
      .references(() => walletOffers.id, { onDelete: 'cascade' }),
    clientId: text('client_id').notNull(),
    redirectUri: text('redirect_uri').notNull(),
    codeChallenge: text('code_challenge').notNull(),
    walletState: text('wallet_state'),
    /** Thumbprint of the key that the pushed request was proved with; the code is for it alone (RFC 9449 §10.1). */
    proofKey: text('proof_key'),
    state: text('state').$type<AuthorizationState>().notNull(),
    codeHash: text('code_hash').unique(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    index('wallet_authorizations_by_age').on(table.expiresAt),
    pgPolicy('wallet_authorizations_job', { for: 'all', using: job, withCheck: job }),
  ],
);

/** Nonces and proofs that have been used, until they would be too old anyway. */
export const walletSpent = pgTable(
  'wallet_spent',
  { hash: text('hash').primaryKey(), expiresAt: instant('expires_at').notNull() },
  (table) => [
    index('wallet_spent_by_age').on(table.expiresAt),
    pgPolicy('wallet_spent_job', { for: 'all', using: job, withCheck: job }),
  ],
);

function instant(name: string) {
  return timestamp(name, { withTimezone: true });
}
