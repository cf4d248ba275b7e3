import { sql } from 'drizzle-orm';
import { appendEvent } from '../audit/append.ts';
import { openAuditKey } from '../audit/audit-key.ts';
import type { SealDetail } from '../audit/detail.ts';
import { detailSealer } from '../audit/detail-sealer.ts';
import type { Clock } from '../clock.ts';
import { jwkThumbprint } from '../crypto/jwk-thumbprint.ts';
import type { Trust } from '../crypto/trust.ts';
import type { Database, Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { administrators, founders, memberships, organisations, pupils, staff } from '../directory/tables.ts';
import { machineClients, machineKeys } from '../identity/clients/tables.ts';
import type { KeyService } from '../keys/service.ts';
import { findSealKey, storeSealKey, type WrappedSealKey, wrapSealKey } from '../records/seal-keys.ts';
import type { Authorities } from './authorities.node.ts';
import type { DemoMachineClient } from './machine-clients.node.ts';
import { refuseInProduction } from './production.node.ts';
import { demoPupils } from './pupils.ts';
import { type DemoOrganisation, demoFounders, demoOrganisations } from './schools.ts';
import { seedGuardians } from './seed-guardians.node.ts';
import { demoAccounts, demoMail } from './staff.ts';

export interface SeedInput {
  readonly database: Database;
  readonly keys: KeyService;
  readonly clock: Clock;
  readonly trust: Trust;
  readonly seals: Authorities['seals'];
  readonly machineClients: readonly DemoMachineClient[];
  /** The identity provider's issuer; with another port it is another one. */
  readonly issuer: string;
}

/** Writes the schools, the staff, the pupils, the machines and the seal keys; a second time it only brings them up to date. */
export async function seedDemoWorld(input: SeedInput): Promise<void> {
  refuseInProduction('seed');
  await input.database.transaction(systemScope('directory'), async (tx) => {
    await seedOrganisations(tx);
    await seedStaff(tx, input.issuer, input.clock.now());
    await seedPupils(tx);
    await seedGuardians(tx, input.clock.now());
    await seedMachineClients(tx, input.machineClients, input.clock.now());
  });
  for (const schoolCode of input.seals.keys()) await seedSealKey(input, schoolCode);
}

async function seedOrganisations(tx: Transaction): Promise<void> {
  await tx
    .insert(founders)
    .values([...demoFounders])
    .onConflictDoNothing();
  const rows = Object.values<DemoOrganisation>(demoOrganisations).map(({ sealKey: _sealKey, ...row }) => row);
  await tx.insert(organisations).values(rows).onConflictDoNothing();
}

async function seedStaff(tx: Transaction, issuer: string, now: Date): Promise<void> {
  // 年度: January to March belong to the school year that began in April before.
  const year = now.getUTCMonth() < 3 ? now.getUTCFullYear() - 1 : now.getUTCFullYear();
  const accounts = demoAccounts.filter(({ accountType }) => accountType !== 1);
  await tx
    .insert(staff)
    .values(
      accounts.map(({ subject, personKey, name, founderNumber }) => ({
        id: subject,
        issuer,
        subject,
        personKey,
        name,
        founderNumber,
        contactMail: demoMail(subject),
      })),
    )
    .onConflictDoUpdate({ target: staff.id, set: { issuer: sql`excluded.issuer` } });
  const terms = accounts.flatMap(({ subject, memberships: held }) => held.map((one) => ({ subject, ...one })));
  await tx
    .insert(memberships)
    .values(
      terms
        .filter(({ role }) => role !== 'administrator')
        .map(({ subject, school, role, homeroom, term }) => ({
          id: `${subject}@${school}`,
          staffId: subject,
          schoolCode: demoOrganisations[school].code,
          role,
          homeroom,
          validFrom: term === 'begins' ? `${year + 1}-04-01` : '2026-04-01',
          validTo: term === 'ends' ? `${year + 1}-03-31` : null,
        })),
    )
    .onConflictDoNothing();
  await tx
    .insert(administrators)
    .values(
      accounts
        .filter(({ memberships: held }) => held.some(({ role }) => role === 'administrator'))
        .map(({ subject, founderNumber }) => ({
          id: subject,
          staffId: subject,
          founderNumber,
          validFrom: '2026-04-01',
        })),
    )
    .onConflictDoNothing();
}

async function seedPupils(tx: Transaction): Promise<void> {
  const rows = demoPupils.map(({ school, ...pupil }) => ({ ...pupil, schoolCode: demoOrganisations[school].code }));
  await tx.insert(pupils).values(rows).onConflictDoNothing();
}

async function seedMachineClients(tx: Transaction, clients: readonly DemoMachineClient[], now: Date): Promise<void> {
  await tx
    .insert(machineClients)
    .values(
      clients.map(({ clientId, schoolCode, name, vendor, scopes }) => ({
        clientId,
        schoolCode,
        name,
        vendor,
        scopes,
        createdAt: now,
      })),
    )
    .onConflictDoNothing();
  const keys = clients.flatMap(({ clientId, schoolCode, publicJwk: jwk }) => {
    const thumbprint = jwkThumbprint({ ...jwk });
    return thumbprint === null ? [] : [{ clientId, schoolCode, thumbprint, jwk, addedAt: now }];
  });
  await tx.insert(machineKeys).values(keys).onConflictDoNothing();
}

async function seedSealKey(input: SeedInput, schoolCode: string): Promise<void> {
  const seal = input.seals.get(schoolCode);
  if (!seal) return;
  const scope = systemScope('directory');
  const present = await input.database.transaction(scope, (tx) => findSealKey(tx, schoolCode));
  if (present) return;
  const now = input.clock.now();
  // The key service is asked before the transaction, never inside it.
  const wrapped = await wrapSealKey(
    { privateKey: seal.pkcs8, chain: seal.chain, school: schoolCode },
    { keys: input.keys, trust: input.trust, now },
  );
  if (!wrapped.ok)
    throw new Error(`The seal key of ${schoolCode} was refused: ${wrapped.fault.detail ?? wrapped.fault.code}`);
  const key: WrappedSealKey = wrapped.value;
  const sealDetail = detailSealer(await openAuditKey(input.database, input.keys, 'detail'));
  await input.database.transaction(scope, async (tx) => {
    const registeredBy = await logRegistration(tx, { schoolCode, fingerprint: key.fingerprint, at: now, sealDetail });
    await storeSealKey(tx, { id: crypto.randomUUID(), schoolCode, key, registeredBy, at: now });
  });
}

/** In the demonstration nobody has to confirm; that the log says so is part of every key. */
async function logRegistration(
  tx: Transaction,
  of: {
    readonly schoolCode: string;
    readonly fingerprint: string;
    readonly at: Date;
    readonly sealDetail: SealDetail;
  },
): Promise<string> {
  const { schoolCode, fingerprint, at, sealDetail } = of;
  const event = {
    name: 'seal-key.imported',
    outcome: 'done',
    side: 'gateway',
    organisation: schoolCode,
    actorRole: 'gateway',
    purpose: null,
    caseId: null,
    token: null,
    detail: { actor: 'system:directory', fingerprint },
    at,
  } as const;
  return (await appendEvent(tx, event, sealDetail)).eventId;
}
