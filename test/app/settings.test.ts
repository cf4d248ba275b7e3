import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings, SettingsError, settingNames } from '../../src/settings.ts';

const root = join(import.meta.dirname, '..', '..');

/** An environment as the demonstration world hands it out. */
const demonstration = {
  NODE_ENV: 'development',
  DEMONSTRATION: 'yes',
  PUBLIC_ORIGIN: 'http://localhost:8787',
  DATABASE_URL: 'postgres://app:app-password@127.0.0.1:5432/hikitsugi',
  MIGRATION_DATABASE_URL: 'postgres://owner:owner-password@127.0.0.1:5432/hikitsugi',
  OBJECTS_DIRECTORY: '.data/objects',
  KEYS_FILE: '.data/keys/root-keys.json',
  PERSON_INDEX_KEY: 'person-index-key-in-base64',
  OIDC_ISSUER: 'http://localhost:8788',
  OIDC_CLIENT_ID: 'hikitsugi-demo',
  OIDC_CLIENT_SECRET: 'client-secret',
  TSA_URL: 'http://localhost:8789/tsa',
  TRUST_DIRECTORY: '.data/trust',
  CRL_DIRECTORY: '.data/crl',
  EVIDENCE_KEY_FILE: '.data/keys/evidence.pem',
  EVIDENCE_CERTIFICATES_FILE: '.data/trust/evidence.pem',
  LOG_KEY_FILE: '.data/keys/log.pem',
  LOG_ORIGIN: 'demo.hikitsugi.example/log',
  MAIL_DIRECTORY: '.data/mail',
};

const production = {
  ...demonstration,
  NODE_ENV: 'production',
  DEMONSTRATION: 'no',
  PUBLIC_ORIGIN: 'https://hikitsugi.example.jp',
  MIGRATION_DATABASE_URL: '',
  OBJECTS_DIRECTORY: '',
  S3_ENDPOINT: 'https://s3.example.jp',
  S3_BUCKET: 'records',
  S3_ACCESS_KEY_ID: 'id',
  S3_SECRET_ACCESS_KEY: 'store-secret',
  KEYS_FILE: '',
  OIDC_ISSUER: 'https://gbiz-id.example.jp/oauth/',
  TSA_URL: 'https://tsa.example.jp/',
};

function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe('the settings', () => {
  it.each(['docs/operations.md', '.env.example'])('are named in %s, every one of them', async (file) => {
    const text = await readFile(join(root, file), 'utf8');
    const pattern = file.endsWith('.md') ? /`([A-Z][A-Z0-9_]+)`/g : /^#?\s*([A-Z][A-Z0-9_]+)=/gm;
    const named = new Set(Array.from(text.matchAll(pattern), ([, name]) => name));
    expect(settingNames.filter((name) => !named.has(name))).toEqual([]);
  });

  it('that .env.example names are read by the gateway, or by the migration', async () => {
    const text = await readFile(join(root, '.env.example'), 'utf8');
    const named = Array.from(text.matchAll(/^#?\s*([A-Z][A-Z0-9_]+)=/gm), ([, name]) => name ?? '');
    expect(named.filter((name) => !settingNames.includes(name) && name !== 'DATABASE_APP_ROLE')).toEqual([]);
    expect(named.length).toBeGreaterThanOrEqual(settingNames.length);
  });

  it('of the demonstration are fit to start with', () => {
    expect(problemsOf(demonstration)).toEqual([]);
  });

  it('of the demonstration are refused in production, each by name', () => {
    const problems = problemsOf({ ...demonstration, NODE_ENV: 'production' });
    const names = [
      'DEMONSTRATION',
      'PUBLIC_ORIGIN',
      'OIDC_ISSUER',
      'TSA_URL',
      'OBJECTS_DIRECTORY',
      'KEYS_FILE',
      'MIGRATION_DATABASE_URL',
    ];
    expect(new Set(problems.map((problem) => problem.split(':')[0]))).toEqual(new Set(names));
    expect(problems).toHaveLength(names.length);
  });

  it.each([
    'DEMONSTRATION',
    'PUBLIC_ORIGIN',
    'OIDC_ISSUER',
    'TSA_URL',
    'OBJECTS_DIRECTORY',
    'KEYS_FILE',
    'MIGRATION_DATABASE_URL',
  ] as const)('refuse the demonstration’s %s in production, alone too', (name) => {
    expect(problemsOf(production)).toEqual([]);
    expect(problemsOf({ ...production, [name]: demonstration[name] })).toEqual([
      expect.stringMatching(new RegExp(`^${name}:`)),
    ]);
  });

  it('that are missing are listed all at once, an empty one like an absent one', () => {
    const problems = problemsOf({ PORT: '70000', OIDC_CLIENT_ID: '' });
    const named = problems.map((problem) => problem.split(':')[0] ?? '');
    expect(named).toEqual(
      expect.arrayContaining(['PUBLIC_ORIGIN', 'DATABASE_URL', 'OIDC_ISSUER', 'LOG_KEY_FILE', 'PORT']),
    );
    expect(problems.length).toBeGreaterThan(10);
  });

  it('need a store: a directory, or all of S3', () => {
    const { S3_BUCKET: _bucket, ...rest } = production;
    expect(problemsOf(rest)).toEqual([expect.stringContaining('S3_BUCKET')]);
  });

  it.each(['https://hikitsugi.example.jp/', 'https://hikitsugi.example.jp/a', 'hikitsugi.example.jp'])(
    'refuse %s as an origin',
    (origin) => {
      expect(problemsOf({ ...production, PUBLIC_ORIGIN: origin })[0]).toContain('PUBLIC_ORIGIN');
    },
  );

  it('never show a secret, in an error or in print', () => {
    const secrets = ['app-password', 'owner-password', 'client-secret', 'store-secret', 'person-index-key-in-base64'];
    const settings = readSettings({
      ...production,
      NODE_ENV: 'development',
      MIGRATION_DATABASE_URL: demonstration.MIGRATION_DATABASE_URL,
    });
    const shown = [
      JSON.stringify(settings),
      String(settings.DATABASE_URL),
      new SettingsError(problemsOf({ ...demonstration, NODE_ENV: 'production' })).message,
      problemsOf({ ...production, PORT: 'x', PUBLIC_ORIGIN: 'x' }).join(),
    ].join('\n');
    for (const secret of secrets) expect(shown).not.toContain(secret);
    expect(settings.DATABASE_URL.reveal()).toContain('app-password');
  });
});
