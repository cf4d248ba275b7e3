import { sql } from 'drizzle-orm';
import { index, jsonb, pgPolicy, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bytes } from '../database/columns.ts';
import { anyOf, ownSchool, systemJob } from '../database/policies.ts';

/**
 * The key that a school seals with. The private part lies encrypted; its key is wrapped by the key service. All three are
 * null when the school's own system holds the private part, and the gateway only knows the certificate.
 */
export const sealKeys = pgTable(
  'seal_keys',
  {
    id: text('id').primaryKey(),
    schoolCode: text('school_code').notNull(),
    algorithm: text('algorithm', { enum: ['RS256', 'PS256', 'ES256', 'ES384'] }).notNull(),
    /** DER certificates in base64, leaf first, without the root. */
    chain: jsonb('chain').$type<readonly string[]>().notNull(),
    fingerprint: text('fingerprint').notNull(),
    rootRef: text('root_ref'),
    wrappedKey: bytes('wrapped_key'),
    sealedPrivateKey: bytes('sealed_private_key'),
    notAfter: timestamp('not_after', { withTimezone: true }).notNull(),
    /** The log entry of the two persons who put it in force: whoever writes only here has none. */
    registeredBy: uuid('registered_by').notNull(),
    /** When it was found not to be what the log says; it seals no more, whatever the row says since. */
    doubtedAt: timestamp('doubted_at', { withTimezone: true }),
    addedAt: timestamp('added_at', { withTimezone: true }).notNull(),
    retiredAt: timestamp('retired_at', { withTimezone: true }),
  },
  (table) => [
    uniqueIndex('seal_keys_one_in_force').on(table.schoolCode).where(sql`${table.retiredAt} is null`),
    index('seal_keys_by_fingerprint').on(table.fingerprint),
    pgPolicy('seal_keys_watch', {
      for: 'select',
      using: anyOf(systemJob('seal-watch'), systemJob('published-seals')),
    }),
    pgPolicy('seal_keys_own', {
      for: 'all',
      using: anyOf(ownSchool(table.schoolCode), systemJob('directory')),
      withCheck: anyOf(ownSchool(table.schoolCode), systemJob('directory')),
    }),
  ],
);
