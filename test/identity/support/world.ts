import { randomBytes, randomUUID } from 'node:crypto';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../../../src/app-env.ts';
import type { Clock } from '../../../src/clock.ts';
import { cryptoKeySigner } from '../../../src/crypto/signer.ts';
import { noRevocationSource } from '../../../src/crypto/x509/revocation.ts';
import { systemScope } from '../../../src/database/scope.ts';
import { type DemoSchoolKey, demoFounders, demoOrganisations } from '../../../src/demo/schools.ts';
import { type DemoAccount, demoAccounts } from '../../../src/demo/staff.ts';
import { administrators, founders, memberships, organisations, pupils, staff } from '../../../src/directory/tables.ts';
import { fault } from '../../../src/faults.ts';
import type { Gateway } from '../../../src/gateway.ts';
import { identifyActor, isCookieless } from '../../../src/identity/middleware.ts';
import { identityPages } from '../../../src/identity/pages.tsx';
import type { RateSettings } from '../../../src/identity/rate-rules.ts';
import { identityRoutes } from '../../../src/identity/routes.ts';
import type { IdentityServices } from '../../../src/identity/services.ts';
import { signInRoutes } from '../../../src/identity/sign-in-routes.ts';
import { sendProblem } from '../../../src/web/answer.ts';
import { type Assets, serveAssets } from '../../../src/web/assets.ts';
import { localeMiddleware } from '../../../src/web/locale.ts';
import { requireSameOrigin, securityHeaders } from '../../../src/web/security.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

export const origin = 'http://localhost:8787';

/** A clock that a test can move. */
interface TestClock extends Clock {
  set(at: Date): void;
  pass(span: { minutes?: number; seconds?: number; days?: number }): void;
}

function testClock(): TestClock {
  let offset = 0;
  return {
    now: () => new Date(Date.now() + offset),
    set: (at) => {
      offset = at.getTime() - Date.now();
    },
    pass: ({ minutes = 0, seconds = 0, days = 0 }) => {
      offset += ((days * 24 * 60 + minutes) * 60 + seconds) * 1000;
    },
  };
}

const plenty = 1_000_000;
const unlimited: RateSettings = {
  perMinute: { login: plenty, token: plenty, account: plenty, client: plenty, school: plenty, heavy: plenty },
  addressHeader: null,
};

export interface World extends TestDatabase {
  readonly services: IdentityServices;
  readonly clock: TestClock;
  readonly app: OpenAPIHono<AppEnv>;
}

/** A real database with the directory of the demonstration, and this room's part of the application over it. */
export async function openWorld(
  parts: Partial<Pick<IdentityServices, 'personTrust' | 'identityProviders' | 'personProviders'>> & {
    issuer?: string;
  } = {},
): Promise<World> {
  const testDatabase = await createTestDatabase();
  const clock = testClock();
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const services: IdentityServices = {
    database: testDatabase.database,
    clock,
    publicOrigin: origin,
    sessionLimits: { idleMinutes: 30, absoluteHours: 12 },
    rates: unlimited,
    identityProviders: parts.identityProviders ?? [],
    personProviders: parts.personProviders ?? [],
    clientKeys: [],
    personTrust: parts.personTrust ?? { anchors: [], revocation: noRevocationSource, indexKey: randomBytes(32) },
    tokenKey: { signer: cryptoKeySigner(keys.privateKey, [], 'ES256'), verification: { key: keys.publicKey } },
    proofNonceKey: randomBytes(32),
    sealDetail: (plaintext) => plaintext,
  };
  await seedDirectory(testDatabase, parts.issuer ?? 'https://idp.example/oauth/');
  return {
    ...testDatabase,
    services,
    clock,
    // Made anew each time, so that what makes the routes is known to run within a test (mutation testing).
    get app() {
      return testApp(services);
    },
  };
}

type AddRoutes = (app: OpenAPIHono<AppEnv>) => void;

/** The middleware in the order of app.ts, then this room's routes and pages, and those of the rooms that a test names. */
export function testApp(
  services: IdentityServices,
  assets: Assets = new Map(),
  more: readonly AddRoutes[] = [],
): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({
    defaultHook: (result, c) => (result.success ? undefined : sendProblem(c, fault('request.malformed'))),
  });
  app.use(async (c, next) => {
    c.set('requestId', randomUUID());
    const { database, clock, sealDetail } = services;
    // True for these tests: of the gateway nothing else is read.
    c.set('gateway', { identity: services, database, clock, sealDetail, settings: { DEMONSTRATION: 'no' } } as Gateway);
    await next();
  });
  app.use(securityHeaders({ formTargets: services.identityProviders.map((provider) => provider.origin) }));
  app.use('/assets/*', serveAssets(assets));
  app.use(localeMiddleware());
  const isExempt = isCookieless;
  app.use(
    requireSameOrigin({
      publicOrigin: services.publicOrigin,
      isExempt,
      refuse: (c) => sendProblem(c, fault('request.cross-site')),
    }),
  );
  app.use(identifyActor(services, (c, reason) => sendProblem(c, reason)));
  identityRoutes(app);
  signInRoutes(app);
  identityPages(app);
  for (const add of more) add(app);
  app.onError((error) => {
    throw error;
  });
  return app;
}

export function staffId(subject: string): string {
  return `staff-${subject}`;
}

export function membershipId(subject: string, index = 0): string {
  return `membership-${subject}-${index}`;
}

export function schoolCode(key: DemoSchoolKey): string {
  return demoOrganisations[key].code;
}

export const aPupil = { id: 'pupil-1', birthDate: '2012-05-05' };

async function seedDirectory({ database }: TestDatabase, issuer: string): Promise<void> {
  await database.transaction(systemScope('directory'), async (tx) => {
    await tx.insert(founders).values([...demoFounders]);
    await tx.insert(organisations).values(Object.values(demoOrganisations));
    await tx.insert(staff).values(
      demoAccounts.map(({ subject, personKey, name, founderNumber }) => {
        return { id: staffId(subject), issuer, subject, personKey, name, founderNumber };
      }),
    );
    const isAdministrator = ({ memberships: own }: DemoAccount) => own.some(({ role }) => role === 'administrator');
    await tx.insert(administrators).values(
      demoAccounts.filter(isAdministrator).map(({ subject, founderNumber }) => {
        const id = `administrator-${subject}`;
        return { id, staffId: staffId(subject), founderNumber, validFrom: '2020-04-01' };
      }),
    );
    await tx.insert(memberships).values(
      demoAccounts
        .filter((account) => !isAdministrator(account))
        .flatMap(({ subject, memberships: own }) =>
          own.map(({ school, role, homeroom }, index) => ({
            id: membershipId(subject, index),
            staffId: staffId(subject),
            schoolCode: demoOrganisations[school].code,
            role,
            homeroom,
            validFrom: '2020-04-01',
          })),
        ),
    );
    await tx.insert(pupils).values({
      ...aPupil,
      schoolCode: schoolCode('elementary'),
      officialName: '葛󠄀城　さくら',
      displayName: '葛城　さくら',
      kana: 'カツラギ　サクラ',
      grade: '6',
      homeroom: '6年1組',
    });
  });
}
