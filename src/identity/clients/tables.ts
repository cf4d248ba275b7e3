import { date, index, integer, jsonb, pgPolicy, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from '../../database/columns.ts';
import { anyOf, ownSchool, staffOfSchool, systemJob } from '../../database/policies.ts';
import { type MachineScope } from '../../policy/actor.ts';
import { directoryJob } from '../row-policies.ts';

/** A public key of a machine client, as JWK; only the members that are public. */
export interface PublicJwk {
  readonly kty: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}

/** School-affairs systems (校務支援システム), each of one school; no shared secrets. */
export const machineClients = pgTable(
  'machine_clients',
  {
    clientId: text('client_id').primaryKey(),
    schoolCode: text('school_code').notNull(),
    name: text('name').notNull(),
    vendor: text('vendor').notNull().default(''),
    scopes: jsonb('scopes').$type<readonly MachineScope[]>().notNull(),
    /** Null: the limit of the gateway for every client. */
    requestsPerMinute: integer('requests_per_minute'),
    uploadsPerDay: integer('uploads_per_day').notNull().default(2000),
    createdAt: instant('created_at').notNull(),
    /** When it last got a token, exact to a minute. */
    lastUsedAt: instant('last_used_at'),
    /** One central block stops a client at once. */
    blockedAt: instant('blocked_at'),
  },
  (table) => [
    index('machine_clients_by_school').on(table.schoolCode),
    pgPolicy('machine_clients_read', {
      for: 'select',
      using: anyOf(systemJob('login'), ownSchool(table.schoolCode), directoryJob()),
    }),
    pgPolicy('machine_clients_used', { for: 'update', using: systemJob('login'), withCheck: systemJob('login') }),
    pgPolicy('machine_clients_write', {
      for: 'all',
      using: anyOf(directoryJob(), staffOfSchool(table.schoolCode)),
      withCheck: anyOf(directoryJob(), staffOfSchool(table.schoolCode)),
    }),
  ],
);

/** The public keys that a client proves itself with; several at once while they are exchanged. */
export const machineKeys = pgTable(
  'machine_keys',
  {
    clientId: text('client_id')
      .notNull()
      .references(() => machineClients.clientId, { onDelete: 'cascade' }),
    /** RFC 7638. */
    thumbprint: text('thumbprint').notNull(),
    schoolCode: text('school_code').notNull(),
    jwk: jsonb('jwk').$type<PublicJwk>().notNull(),
    addedAt: instant('added_at').notNull(),
    /** From then on it is no good; null: until somebody says so. */
    retiresAt: instant('retires_at'),
    lastUsedAt: instant('last_used_at'),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.thumbprint] }),
    pgPolicy('machine_keys_read', {
      for: 'select',
      using: anyOf(systemJob('login'), staffOfSchool(table.schoolCode), directoryJob()),
    }),
    pgPolicy('machine_keys_used', { for: 'update', using: systemJob('login'), withCheck: systemJob('login') }),
    pgPolicy('machine_keys_write', {
      for: 'all',
      using: anyOf(directoryJob(), staffOfSchool(table.schoolCode)),
      withCheck: anyOf(directoryJob(), staffOfSchool(table.schoolCode)),
    }),
  ],
);

/** How many uploads a client began on each day in Japan. */
export const machineUploads = pgTable(
  'machine_uploads',
  {
    clientId: text('client_id')
      .notNull()
      .references(() => machineClients.clientId, { onDelete: 'cascade' }),
    day: date('day').notNull(),
    schoolCode: text('school_code').notNull(),
    count: integer('count').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.day] }),
    pgPolicy('machine_uploads_read', { for: 'select', using: anyOf(staffOfSchool(table.schoolCode), directoryJob()) }),
    pgPolicy('machine_uploads_count', { for: 'all', using: systemJob('login'), withCheck: systemJob('login') }),
  ],
);

export type MachineClientRow = typeof machineClients.$inferSelect;

export type MachineKeyRow = typeof machineKeys.$inferSelect;
