import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { seedOfPkcs8 } from './audit/log-key.ts';
import { reachablePolicy, type WitnessPolicy } from './audit/witness-policy.ts';
import { type Clock, systemClock } from './clock.ts';
import { crlSource } from './crypto/x509/crl.ts';
import { pemToDer } from './crypto/x509/pem.ts';
import { noRevocationSource, type RevocationSource } from './crypto/x509/revocation.ts';
import type { Resources } from './gateway.ts';
import { openLocalFileKeyService } from './keys/local-file.node.ts';
import type { KeyService } from './keys/service.ts';
import { openDirectoryStore } from './objects/directory.node.ts';
import { openS3Store } from './objects/s3.ts';
import { openS3Handler } from './objects/s3-handler.node.ts';
import type { ObjectStore } from './objects/store.ts';
import { type Settings, SettingsError } from './settings.ts';
import { readAssets } from './web/assets.node.ts';
import type { DemonstrationGuide } from './web/demonstration.ts';

/** Reads from the file system what the settings name. */
export async function readResources(
  settings: Settings,
  demonstration: DemonstrationGuide | null,
  clock: Clock = systemClock,
): Promise<Resources> {
  return {
    clock,
    objects: await openObjects(settings),
    keys: await openKeys(settings),
    revocation: crlFolder(settings.CRL_DIRECTORY, clock),
    revocationLists: () => readLists(settings.CRL_DIRECTORY),
    revocationPlan:
      settings.REVOCATION_FILE === undefined ? {} : JSON.parse(await readFile(settings.REVOCATION_FILE, 'utf8')),
    trustList: JSON.parse(await readFile(join(settings.TRUST_DIRECTORY, 'trust.json'), 'utf8')),
    evidenceKey: onlyKey(await readFile(settings.EVIDENCE_KEY_FILE, 'utf8'), 'EVIDENCE_KEY_FILE'),
    evidenceCertificates: await readFile(settings.EVIDENCE_CERTIFICATES_FILE, 'utf8'),
    clientKeys: await readClientKeys(settings.PERSON_OIDC_CLIENT_KEY_FILE),
    logSeed: seedOfPkcs8(onlyKey(await readFile(settings.LOG_KEY_FILE, 'utf8'), 'LOG_KEY_FILE')),
    witnessPolicy: await readWitnessPolicy(settings.WITNESS_POLICY_FILE),
    assets: await readAssets(),
    readFont,
    demonstration,
  };
}

/** Of the package only this weight is used. */
async function readFont(): Promise<Uint8Array> {
  const { resolve } = createRequire(import.meta.url);
  return new Uint8Array(
    await readFile(resolve('@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf')),
  );
}

export async function openKeys({ KEYS_FILE }: Settings): Promise<KeyService> {
  if (KEYS_FILE === undefined) throw new SettingsError(['KEYS_FILE: no other key service is built yet']);
  return openLocalFileKeyService(KEYS_FILE);
}

async function openObjects(settings: Settings): Promise<ObjectStore> {
  const { OBJECTS_DIRECTORY, S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = settings;
  if (OBJECTS_DIRECTORY !== undefined) return openDirectoryStore(OBJECTS_DIRECTORY);
  if (!S3_ENDPOINT || !S3_BUCKET || !S3_ACCESS_KEY_ID || !S3_SECRET_ACCESS_KEY) throw new SettingsError(['S3_*']);
  return openS3Store({
    requestHandler: openS3Handler(),
    endpoint: S3_ENDPOINT,
    region: settings.S3_REGION,
    bucket: S3_BUCKET,
    accessKeyId: S3_ACCESS_KEY_ID,
    secretAccessKey: S3_SECRET_ACCESS_KEY.reveal(),
  });
}

const rereadMs = 60_000;

/** The revocation lists of a folder, read again every minute: a list that was exchanged counts within that time. */
function crlFolder(folder: string, clock: Clock): RevocationSource {
  let current: { readonly readAt: number; readonly source: Promise<RevocationSource> } | null = null;
  async function read(): Promise<RevocationSource> {
    return crlSource(await readLists(folder), { now: clock.now() });
  }
  return {
    async check(question) {
      const now = performance.now();
      if (current === null || now - current.readAt > rereadMs) {
        // A folder that cannot be read proves nothing: "not checked", never a broken log-in.
        current = { readAt: now, source: read().catch(() => noRevocationSource) };
      }
      return (await current.source).check(question);
    },
  };
}

async function readLists(folder: string): Promise<readonly Uint8Array[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.crl'));
  return Promise.all(names.map(async (name) => new Uint8Array(await readFile(join(folder, name)))));
}

async function readWitnessPolicy(path: string | undefined): Promise<WitnessPolicy | null> {
  if (path === undefined) return null;
  const policy = reachablePolicy(await readFile(path, 'utf8'));
  if (policy.ok) return policy.value;
  throw new SettingsError([`WITNESS_POLICY_FILE: line ${policy.fault.line}: ${policy.fault.reason}`]);
}

async function readClientKeys(path: string | undefined): Promise<Uint8Array[]> {
  if (path === undefined) return [];
  const keys = pemToDer(await readFile(path, 'utf8'), 'PRIVATE KEY');
  if (keys.length === 0) throw new SettingsError(['PERSON_OIDC_CLIENT_KEY_FILE: no PKCS#8 private key in PEM form']);
  return keys;
}

function onlyKey(pem: string, setting: string): Uint8Array {
  const [der] = pemToDer(pem, 'PRIVATE KEY');
  if (der === undefined) throw new SettingsError([`${setting}: no PKCS#8 private key in PEM form`]);
  return der;
}
