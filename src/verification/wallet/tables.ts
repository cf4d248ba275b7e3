import { index, integer, jsonb, pgPolicy, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { bytes } from '../../database/columns.ts';
import { systemJob } from '../../database/policies.ts';
import type { IssuedKind } from '../../records/certificate-kinds.ts';
import type { ClaimGroup, RequestEnding, RequestState } from './rules.ts';

/** What whoever verifies asks a wallet for. */
export interface Asked {
  readonly kind: IssuedKind;
  readonly groups: readonly ClaimGroup[];
}

/**
 * Requests for a presentation (OpenID4VP), one row each, gone a few minutes after it has ended. What was shown lies sealed under a
 * key of the gateway's settings, so the database alone tells nobody what it was.
 */
export const presentationRequests = pgTable(
  'presentation_requests',
  {
    id: text('id').primaryKey(),
    /** Hash of the cookie of the browser that asked. */
    browserHash: text('browser_hash').notNull(),
    asked: jsonb('asked').$type<Asked>().notNull(),
    /** The private key that the answer is encrypted to; null once there is an answer. */
    sealedKey: bytes('sealed_key'),
    state: text('state').$type<RequestState>().notNull(),
    /** Why it is closed without anything to see. */
    ending: text('ending').$type<RequestEnding>(),
    /** What was found out about the answer. */
    sealedReport: bytes('sealed_report'),
    /** Keyed hash of the code with which the wallet sends its owner on. */
    responseHash: text('response_hash').unique(),
    /** Wrong confirmation numbers so far. */
    misses: integer('misses').notNull().default(0),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  },
  (table) => [
    index('presentation_requests_by_age').on(table.expiresAt),
    pgPolicy('presentation_requests_job', {
      for: 'all',
      using: systemJob('presentation'),
      withCheck: systemJob('presentation'),
    }),
  ],
);
