import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Database, openDatabase } from '../../src/database/connection.ts';
import { chooseAccount } from '../../src/demo/choose-account.node.ts';
import { listenOnLoopback } from '../../src/demo/loopback.node.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { type DemoWorld, openDemoWorld } from '../../src/demo/world.node.ts';
import { memberships, organisations, pupils, staff } from '../../src/directory/tables.ts';
import { openGateway } from '../../src/gateway.ts';
import { linkingCodes } from '../../src/identity/links/tables.ts';
import { openLocalFileKeyService } from '../../src/keys/local-file.node.ts';
import { findSealKey, openSealKey } from '../../src/records/seal-keys.ts';
import { readResources } from '../../src/resources.node.ts';
import { readSettings } from '../../src/settings.ts';
import { createTestDatabase } from '../support/database.ts';

describe('the demonstration world', { timeout: 120_000 }, () => {
  let folder: string;
  let world: DemoWorld;
  let database: Database;
  const school = demoOrganisations.juniorHigh.code;
  const clerk = { actor: 'staff:juniorHigh-clerk', school };

  async function open(): Promise<void> {
    world = await openDemoWorld({ folder });
    database = await openDatabase({ url: setting('DATABASE_URL'), poolSize: 2, deadlineMs: 10_000 });
  }
  async function close(): Promise<void> {
    await database.close();
    await world.close();
  }
  const setting = (name: string) => world.environment[name] ?? '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-world-'));
    await open();
  }, 120_000);
  afterAll(async () => {
    await close();
    await rm(folder, { recursive: true });
  });

  it('gives the gateway settings that are complete', () => {
    expect(readSettings(world.environment)).toMatchObject({ DEMONSTRATION: 'yes', NODE_ENV: 'development' });
  });

  it('is refused by the settings in production, each part by name', () => {
    expect(() => readSettings({ ...world.environment, NODE_ENV: 'production' })).toThrow(/DEMONSTRATION/);
  });

  it('does not open in production', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    await expect(openDemoWorld({ folder })).rejects.toThrow('NODE_ENV=production');
    vi.unstubAllEnvs();
  });

  it('has seeded all organisations, and each school sees its own pupils alone', async () => {
    const seen = await database.transaction(clerk, async (tx) => ({
      organisations: await tx.select().from(organisations),
      pupils: await tx.select().from(pupils),
    }));
    expect(seen.organisations).toHaveLength(Object.keys(demoOrganisations).length);
    expect(seen.pupils).toHaveLength(4);
    expect(seen.pupils.every(({ schoolCode }) => schoolCode === school)).toBe(true);
    expect(seen.pupils.map(({ officialName }) => officialName)).toContain('葛\u{E0100}城　さくら');
  });

  it('has seeded the staff under the issuer that its identity provider has', async () => {
    const found = await database.transaction({ actor: 'system:login' }, (tx) => tx.select().from(staff));
    expect(new Set(found.map(({ issuer }) => issuer))).toEqual(new Set([setting('OIDC_ISSUER')]));
    const held = await database.transaction({ actor: 'system:login' }, (tx) => tx.select().from(memberships));
    expect(held.filter(({ staffId }) => staffId === 'hibarino-clerk-two-schools')).toHaveLength(2);
  });

  it('lets an account come back to the redirect address of the gateway', async () => {
    const configuration = await oidc.discovery(
      new URL(setting('OIDC_ISSUER')),
      setting('OIDC_CLIENT_ID'),
      undefined,
      oidc.ClientSecretBasic(setting('OIDC_CLIENT_SECRET')),
      { execute: [oidc.allowInsecureRequests] },
    );
    const redirect = `${setting('PUBLIC_ORIGIN')}/login/callback/gbizid`;
    const verifier = oidc.randomPKCECodeVerifier();
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirect,
      scope: 'openid profile',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const returned = await chooseAccount(url, 'juniorHigh-clerk');
    expect(returned.href.startsWith(redirect)).toBe(true);
    const tokens = await oidc.authorizationCodeGrant(configuration, returned, { pkceCodeVerifier: verifier });
    expect(tokens.claims()?.sub).toBe('juniorHigh-clerk');
  });

  it('keeps a seal key per school that opens and signs', async () => {
    const row = await database.transaction(clerk, (tx) => findSealKey(tx, school));
    if (!row) throw new Error('no seal key');
    const signer = await openSealKey(row, await openLocalFileKeyService(setting('KEYS_FILE')));
    expect(await signer?.sign(new Uint8Array(3))).toHaveLength(64);
    expect(JSON.stringify(row.sealedPrivateKey)).not.toContain('PRIVATE');
  });

  it('hands out a linking code for every good certificate, stored as a hash only', async () => {
    const good = world.guide.persons.filter(({ isGood }) => isGood);
    expect(good.every(({ linkingCode }) => linkingCode !== null && linkingCode.length > 26)).toBe(true);
    const rows = await database.transaction(clerk, (tx) => tx.select().from(linkingCodes));
    for (const { linkingCode } of good) expect(JSON.stringify(rows)).not.toContain(linkingCode);
  });

  it('hands out the .p12 files that the guide names, and no other file', async () => {
    for (const { file } of world.guide.persons)
      expect(await world.guide.certificateFile(file)).toBeInstanceOf(Uint8Array);
    for (const name of ['../secrets.json', 'seals/x.p12', 'nobody.p12']) {
      expect(await world.guide.certificateFile(name)).toBeNull();
    }
  });

  it('has everything that a gateway opens with', async () => {
    const settings = readSettings(world.environment);
    const gateway = await openGateway(settings, await readResources(settings, world.guide));
    const stamped = await gateway.timestamps.stamp(new Uint8Array(8));
    expect(stamped.ok).toBe(true);
    expect(gateway.trust.person.map(({ name }) => name)).toContain('jpki-authentication-2');
    await gateway.database.close();
  });

  it('keeps the folder to its owner', async () => {
    expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(setting('KEYS_FILE'))).mode & 0o777).toBe(0o600);
  });

  it('goes on with the same data at a second start, under a new issuer', async () => {
    const fingerprint = (await database.transaction(clerk, (tx) => findSealKey(tx, school)))?.fingerprint;
    await database.transaction(clerk, (tx) => tx.execute(sql`update pupils set grade = '9' where id = 'pupil-01'`));
    await close();
    await open();
    expect((await database.transaction(clerk, (tx) => findSealKey(tx, school)))?.fingerprint).toBe(fingerprint);
    const rows = await database.transaction(clerk, (tx) => tx.select().from(pupils));
    expect(rows.find(({ id }) => id === 'pupil-01')?.grade).toBe('9');
    const found = await database.transaction({ actor: 'system:login' }, (tx) => tx.select().from(staff));
    expect(new Set(found.map(({ issuer }) => issuer))).toEqual(new Set([setting('OIDC_ISSUER')]));
  });

  it('seeds the database and takes the issuer that the operator names instead of its own', async () => {
    const named = await createTestDatabase();
    const other = await openDemoWorld({
      folder: join(folder, 'replaced'),
      replace: {
        DATABASE_URL: named.appUrl,
        MIGRATION_DATABASE_URL: named.ownerUrl,
        OIDC_ISSUER: 'https://gbiz-id.example/oauth/',
        S3_ENDPOINT: 'http://127.0.0.1:9000',
        DEMONSTRATION: 'no',
      },
    });
    const found = await named.database.transaction({ actor: 'system:login' }, (tx) => tx.select().from(staff));
    expect(new Set(found.map(({ issuer }) => issuer))).toEqual(new Set(['https://gbiz-id.example/oauth/']));
    expect(other.environment).toMatchObject({
      DATABASE_URL: named.appUrl,
      OIDC_ISSUER: 'https://gbiz-id.example/oauth/',
      DEMONSTRATION: 'yes',
    });
    expect(other.environment['OBJECTS_DIRECTORY']).toBeUndefined();
    await other.close();
    await named.drop();
  });

  it('asks for the address of the owner beside that of the application', async () => {
    const replace = { DATABASE_URL: 'postgres://app@127.0.0.1:1/none' };
    await expect(openDemoWorld({ folder: join(folder, 'half'), replace })).rejects.toThrow('MIGRATION_DATABASE_URL');
  });

  it('says which port is in use', async () => {
    const other = await listenOnLoopback(createServer(), 0);
    const other2 = join(folder, 'elsewhere');
    await expect(openDemoWorld({ folder: other2, ports: { gateway: other.port } })).rejects.toThrow(
      `Port ${other.port} is in use`,
    );
    await other.close();
  });
});
