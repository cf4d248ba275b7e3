import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgPolicy, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { bytes } from '../../database/columns.ts';
import { anyOf, needToKnow, ofVisibleShare, ownPerson, systemJob } from '../../database/policies.ts';
import { issuedCertificates, isThatPupil } from '../tables.ts';

/** The scope of whoever holds a link, and of what the gateway does for them. */
export const sharesJob = 'certificate-share';

/**
 * 共有: a link by which somebody outside sees some facts of a certificate. For whom it is, what it shows and the facts
 * themselves lie sealed under the key of the request; of link and PIN there are keyed hashes.
 */
export const certificateShares = pgTable(
  'certificate_shares',
  {
    id: text('id').primaryKey(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => issuedCertificates.id),
    /** Whose key seals it, together with the school's code. */
    requestId: text('request_id').notNull(),
    schoolCode: text('school_code').notNull(),
    pupilId: text('pupil_id').notNull(),
    /** Who made it. */
    personId: text('person_id').notNull(),
    secretKey: text('secret_key').notNull().unique(),
    /** Scrypt under a key of ours; null without a PIN. */
    pinHash: text('pin_hash'),
    /** PINs that were wrong, or are being looked at just now. */
    tries: integer('tries').notNull().default(0),
    sealed: bytes('sealed').notNull(),
    /** Everything was chosen: the file goes with it. */
    whole: boolean('whole').notNull(),
    once: boolean('once').notNull(),
    madeAt: instant('made_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    withdrawnAt: instant('withdrawn_at'),
    /** Of one that opens once: when it did. */
    usedAt: instant('used_at'),
    firstViewedAt: instant('first_viewed_at'),
    /** The credential that discloses what was chosen, sealed, for as long as it lasts: viewers use up one, not one each. */
    sealedPresentation: bytes('sealed_presentation'),
    presentationUntil: instant('presentation_until'),
  },
  (table) => [
    index('certificate_shares_by_certificate').on(table.certificateId, table.madeAt),
    index('certificate_shares_by_end').on(table.expiresAt),
    pgPolicy('certificate_shares_read', {
      for: 'select',
      using: anyOf(ownPerson(table.personId), isThatPupil(table.pupilId), systemJob(sharesJob)),
    }),
    // 支援措置: as with the certificate itself.
    pgPolicy('certificate_shares_need_to_know', {
      as: 'restrictive',
      for: 'select',
      using: needToKnow({ subjects: sql`'pupil:' || ${table.pupilId}`, pupilId: sql`${table.pupilId}` }),
    }),
    // Row level security of the certificate decides inside the subquery whether the person has it.
    pgPolicy('certificate_shares_insert', {
      for: 'insert',
      withCheck: sql`(${ownPerson(table.personId)} and exists (select 1 from certificates c where c.id = ${table.certificateId} and c.pupil_id = ${table.pupilId}))`,
    }),
    // Ending it is all that persons do with it afterwards; the pupil ends what a guardian made, too.
    pgPolicy('certificate_shares_withdraw', {
      for: 'update',
      using: anyOf(ownPerson(table.personId), isThatPupil(table.pupilId)),
      withCheck: sql`(${anyOf(ownPerson(table.personId), isThatPupil(table.pupilId))} and ${table.withdrawnAt} is not null)`,
    }),
    pgPolicy('certificate_shares_open', {
      for: 'update',
      using: systemJob(sharesJob),
      withCheck: systemJob(sharesJob),
    }),
    pgPolicy('certificate_shares_forget', { for: 'delete', using: systemJob(sharesJob) }),
  ],
);

/** How often a share was opened in which hour, and nothing about by whom or from where. */
export const certificateShareViews = pgTable(
  'certificate_share_views',
  {
    shareId: text('share_id')
      .notNull()
      .references(() => certificateShares.id, { onDelete: 'cascade' }),
    hour: instant('hour').notNull(),
    times: integer('times').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.shareId, table.hour] }),
    pgPolicy('certificate_share_views_job', {
      for: 'all',
      using: systemJob(sharesJob),
      withCheck: systemJob(sharesJob),
    }),
    pgPolicy('certificate_share_views_read', { for: 'select', using: ofVisibleShare(table.shareId) }),
  ],
);

/** A viewer who wants to be told when the certificate counts no more. The address lies sealed like the share. */
export const certificateWatchers = pgTable(
  'certificate_watchers',
  {
    id: text('id').primaryKey(),
    shareId: text('share_id')
      .notNull()
      .references(() => certificateShares.id, { onDelete: 'cascade' }),
    certificateId: text('certificate_id').notNull(),
    /** Keyed hash of the address: nobody is asked twice for one share. */
    addressKey: text('address_key').notNull(),
    sealedAddress: bytes('sealed_address').notNull(),
    /** Hash of what the mails lead by. */
    tokenHash: text('token_hash').notNull().unique(),
    askedAt: instant('asked_at').notNull(),
    confirmedAt: instant('confirmed_at'),
    toldAt: instant('told_at'),
  },
  (table) => [
    index('certificate_watchers_by_share').on(table.shareId),
    index('certificate_watchers_by_certificate').on(table.certificateId),
    pgPolicy('certificate_watchers_job', { for: 'all', using: systemJob(sharesJob), withCheck: systemJob(sharesJob) }),
  ],
);

function instant(name: string) {
  return timestamp(name, { withTimezone: true });
}
