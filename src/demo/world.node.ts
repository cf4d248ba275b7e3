import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import { type Database, openDatabase } from '../database/connection.ts';
import { migrate } from '../database/migrate.node.ts';
import { redirectPath } from '../identity/identity-provider.ts';
import { openLocalFileKeyService } from '../keys/local-file.node.ts';
import { appUsers } from './app-users.ts';
import { openAuthenticationApp } from './authentication-app.node.ts';
import { type Authorities, openAuthorities } from './authorities.node.ts';
import { keepClientKey } from './client-key.node.ts';
import { demoTrust } from './demo-trust.node.ts';
import { type DemoGuide, demoGuide } from './guide.ts';
import { openIdentityProvider } from './identity-provider.node.ts';
import { issueDemoLinkingCodes } from './linking-codes.node.ts';
import { listenOnLoopback } from './loopback.node.ts';
import { type DemoMachineClient, openMachineClients } from './machine-clients.node.ts';
import { openOcspServer } from './ocsp.node.ts';
import { demoPassword, personCertificatePlans } from './person-certificates.ts';
import { appRole, openEmbeddedPostgres } from './postgres.node.ts';
import { refuseInProduction } from './production.node.ts';
import { type NamedDatabase, namedDatabase, withReplacedParts } from './replaced-parts.ts';
import { writeRevocationPlan } from './revocation-plan.node.ts';
import { sampleFileMaker, sampleFiles } from './sample-files.node.ts';
import { sealHolders } from './schools.ts';
import { type DemoSecrets, keepSecrets } from './secrets.node.ts';
import { seedDemoWorld } from './seed.node.ts';
import { publishTrustList } from './signed-trust.node.ts';
import { demoAccounts } from './staff.ts';
import { openTimeStampAuthority } from './tsa.node.ts';
import { openDemoWitnesses } from './witnesses.node.ts';
import {
  clientKeyFile,
  demoAppClientId,
  demoAppProviderId,
  demoClientId,
  demoProviderId,
  environmentOf,
  keysFile,
  type WorldParts,
} from './world-environment.ts';

export interface DemoWorldInput {
  /** Everything the world keeps lies here; a second start goes on with it. */
  readonly folder: string;
  /** 0, or absent: any free port. */
  readonly ports?: Partial<DemoPorts>;
  readonly clock?: Clock;
  /** Two witnesses of the log, and a policy that wants both. */
  readonly witnesses?: boolean;
  /** Settings that put real parts in the place of the world's own, such as DATABASE_URL, S3_… or OIDC_…. */
  readonly replace?: Readonly<Record<string, string | undefined>>;
}

export interface DemoPorts {
  readonly gateway: number;
  readonly identityProvider: number;
  readonly timeStamp: number;
  readonly ocsp: number;
  readonly postgres: number;
  readonly authenticationApp: number;
}

export interface DemoWorld {
  /** What the gateway's `readSettings` reads. */
  readonly environment: Readonly<Record<string, string>>;
  readonly guide: DemoGuide;
  readonly authorities: Authorities;
  readonly machineClients: readonly DemoMachineClient[];
  close(): Promise<void>;
}

/** Starts everything around a gateway, with its data: database, identity provider, authorities, time stamps. */
export async function openDemoWorld(input: DemoWorldInput): Promise<DemoWorld> {
  refuseInProduction('demonstration world');
  const folder = resolve(input.folder);
  const clock = input.clock ?? systemClock;
  const started: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const stop of started.toReversed()) await stop();
  };
  try {
    return {
      ...(await openParts({
        folder,
        clock,
        ports: input.ports ?? {},
        witnesses: input.witnesses ?? false,
        replace: input.replace ?? {},
        started,
      })),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Opening {
  readonly folder: string;
  readonly clock: Clock;
  readonly ports: Partial<DemoPorts>;
  readonly witnesses: boolean;
  readonly replace: NonNullable<DemoWorldInput['replace']>;
  /** How to stop what has been started so far. */
  readonly started: (() => Promise<void>)[];
}

async function openParts(at: Opening): Promise<Omit<DemoWorld, 'close'>> {
  const { folder, clock, ports, started } = at;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const gatewayPort = await freePort(ports.gateway ?? 0);
  const origin = `http://localhost:${gatewayPort}`;
  const secrets = await keepSecrets(folder);
  const opening = [
    openAuthorities({ folder, clock, schools: sealHolders(), persons: personCertificatePlans, password: demoPassword }),
    openTables(at),
    openMachineClients(join(folder, 'machines')),
  ] as const;
  // Even when one fails: what was started is known by then, and can be stopped.
  await Promise.allSettled(opening);
  const [authorities, database, machineClients] = await Promise.all(opening);
  renewCrlsDaily(authorities, started);
  const issuer = await openIssuer(at, { secrets, origin });
  const appIssuer = await openAppIssuer(at, origin);
  const timeStamp = await openTimeStampAuthority({
    port: ports.timeStamp ?? 0,
    identity: authorities.timeStamp,
    clock,
  });
  started.push(() => timeStamp.close());
  const ocsp = await openOcspServer({ port: ports.ocsp ?? 0, responders: authorities.responders, clock });
  started.push(() => ocsp.close());
  const revocationFile = await writeRevocationPlan(folder, ocsp);
  const policyFile = at.witnesses ? await openWitnesses(at, authorities.logKeyFile) : null;
  const parts = {
    policyFile,
    folder,
    clock,
    origin,
    gatewayPort,
    secrets,
    authorities,
    database,
    issuer,
    appIssuer,
    timeStamp,
    revocationFile,
    machineClients,
  };
  await publishTrustList(authorities, clock, policyFile);
  const linkingCodes = await seed(parts);
  return {
    environment: withReplacedParts(environmentOf(parts), at.replace),
    guide: demoGuide({
      machines: machineClients,
      linkingCodes,
      certificateFile: certificateFiles(authorities.p12Directory),
      documents: sampleFiles,
      documentFile: sampleFileMaker(() => clock.now()),
    }),
    authorities,
    machineClients,
  };
}

async function openWitnesses({ folder, clock, started }: Opening, logKeyFile: string): Promise<string> {
  const witnesses = await openDemoWitnesses({ folder, clock, logKeyFile });
  started.push(() => witnesses.close());
  return witnesses.policyFile;
}

/** The operator's issuer, or an identity provider of our own. */
async function openIssuer(at: Opening, own: { secrets: DemoSecrets; origin: string }): Promise<string> {
  const named = at.replace['OIDC_ISSUER'];
  if (named !== undefined && named !== '') return named;
  const redirectUris = [`${own.origin}${redirectPath(demoProviderId)}`];
  const provider = await openIdentityProvider({
    port: at.ports.identityProvider ?? 0,
    accounts: demoAccounts,
    client: { id: demoClientId, secret: own.secrets.clientSecret, redirectUris },
  });
  at.started.push(() => provider.close());
  return provider.issuer;
}

/** The operator's issuer for persons, or a stand-in for デジタル認証アプリ. */
async function openAppIssuer(at: Opening, origin: string): Promise<string> {
  const key = await keepClientKey(clientKeyFile(at.folder));
  const named = at.replace['PERSON_OIDC_ISSUER'];
  if (named !== undefined && named !== '') return named;
  const redirectUris = [`${origin}${redirectPath(demoAppProviderId)}`];
  const app = await openAuthenticationApp({
    port: at.ports.authenticationApp ?? 0,
    users: appUsers,
    client: { id: demoAppClientId, jwks: [key.publicJwk], redirectUris },
  });
  at.started.push(() => app.close());
  return app.issuer;
}

/** The operator's database, or a server of our own; with all tables. */
async function openTables(at: Opening): Promise<NamedDatabase> {
  const database = namedDatabase(at.replace) ?? (await openOwnDatabase(at));
  await migrate({ ownerUrl: database.ownerUrl, folder: migrationsFolder(), appRole: database.appRole });
  return database;
}

async function openOwnDatabase({ folder, ports, started }: Opening): Promise<NamedDatabase> {
  const postgres = await openEmbeddedPostgres({
    folder: join(folder, 'postgres'),
    port: ports.postgres ?? 0,
    keep: 'durable',
  });
  started.push(() => postgres.stop());
  return { appUrl: postgres.appUrl(), ownerUrl: postgres.ownerUrl(), appRole };
}

async function seed(parts: WorldParts): Promise<ReadonlyMap<string, string>> {
  const database: Database = await openDatabase({ url: parts.database.appUrl, poolSize: 2, deadlineMs: 10_000 });
  try {
    await seedDemoWorld({
      database,
      keys: await openLocalFileKeyService(keysFile(parts.folder)),
      clock: parts.clock,
      trust: await demoTrust(parts.authorities),
      seals: parts.authorities.seals,
      machineClients: parts.machineClients,
      issuer: parts.issuer,
    });
    return await issueDemoLinkingCodes(database, parts.clock);
  } finally {
    await database.close();
  }
}

/** Only files that the guide names: the name comes from a browser. */
function certificateFiles(folder: string): DemoGuide['certificateFile'] {
  return async (name) => {
    const isKnown = personCertificatePlans.some(({ id }) => name === `${id}.p12`);
    return isKnown ? new Uint8Array(await readFile(join(folder, name))) : null;
  };
}

/** The lists are good for seven days; a world that runs longer needs new ones. */
function renewCrlsDaily(authorities: Authorities, started: (() => Promise<void>)[]): void {
  const timer = setInterval(() => void authorities.reissueCrls(), 86_400_000);
  timer.unref();
  started.push(async () => clearInterval(timer));
}

/** Says before anything else is started that the gateway's port is taken. */
async function freePort(port: number): Promise<number> {
  const probe = await listenOnLoopback(createServer(), port);
  await probe.close();
  return probe.port;
}

/** Beside `src/` and `dist/`, wherever this file was bundled to. */
function migrationsFolder(): string {
  const here = import.meta.dirname;
  return join(here.endsWith('dist') ? dirname(here) : resolve(here, '../..'), 'drizzle');
}
