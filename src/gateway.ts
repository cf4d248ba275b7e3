import { openAuditKey } from './audit/audit-key.ts';
import type { SealDetail } from './audit/detail.ts';
import { detailSealer, openSealedDetail } from './audit/detail-sealer.ts';
import { type LogServices, openLogServices } from './audit/log-services.ts';
import type { WitnessPolicy } from './audit/witness-policy.ts';
import { openStatusListCache, type StatusListCache } from './certificates/credentials/status-list-cache.ts';
import { type CertificateFont, lazyFont } from './certificates/drawing/font.ts';
import type { Clock } from './clock.ts';
import { hkdfExpandSha512 } from './crypto/hkdf.ts';
import { importVerificationKey } from './crypto/jose-key.ts';
import { type Signer, webCryptoSigner } from './crypto/signer.ts';
import { type TimestampService, timestampService } from './crypto/timestamp.ts';
import type { Trust } from './crypto/trust.ts';
import { parseX509Certificate } from './crypto/x509/certificate.ts';
import { createPathCache, type PathCache } from './crypto/x509/path-cache.ts';
import { derToPem, pemToDer } from './crypto/x509/pem.ts';
import type { RevocationSource } from './crypto/x509/revocation.ts';
import { type Database, openDatabase } from './database/connection.ts';
import { type ClientKey, importClientKey } from './identity/client-key.ts';
import { openIdentityProvider, organisationScope } from './identity/identity-provider.ts';
import { openPersonProvider } from './identity/person-provider.ts';
import type { IdentityServices } from './identity/services.ts';
import type { KeyService } from './keys/service.ts';
import { type Locker, openLocker } from './locker/locker.ts';
import type { ObjectStore } from './objects/store.ts';
import { type InspectionDesk, openInspectionDesk } from './records/inspection-desk.ts';
import { type Settings, SettingsError } from './settings.ts';
import { developmentAnchors, openTrust, statesOtherPolicy } from './trust-material.ts';
import type { Assets } from './web/assets.ts';
import type { DemonstrationGuide } from './web/demonstration.ts';

/** What every room is given. Verbs take it whole or in part; nothing of it is a global. */
export interface Gateway {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly keys: KeyService;
  readonly locker: Locker;
  /** What the checks of uploads under way share. */
  readonly inspections: InspectionDesk;
  readonly trust: Trust;
  /** The same as anybody may have it, to verify with. */
  readonly publishedTrust: PublishedTrust;
  /** What verifications of strangers' evidence have found out for ever. */
  readonly pathCache: PathCache;
  readonly timestamps: TimestampService;
  /** Signs receipts and access tokens; its key is in this process. */
  readonly evidence: Signer;
  readonly log: LogServices;
  readonly sealDetail: SealDetail;
  readonly identity: IdentityServices;
  /** For what wallets carry: nonces, numbers and codes come out of it or are stored under it. All processes share it. */
  readonly walletKey: Uint8Array;
  readonly assets: Assets;
  /** What certificates are printed in; some megabytes, so it is read when the first one is. */
  readonly certificateFont: () => Promise<CertificateFont>;
  readonly statusLists: StatusListCache;
  /** The newest lists of the authorities, to be put into what is signed for years. */
  readonly revocationLists: () => Promise<readonly Uint8Array[]>;
  /** Who can log in to the demonstration world; null everywhere else. */
  readonly demonstration: DemonstrationGuide | null;
}

export interface PublishedTrust {
  /** The signed trust list, as JSON. */
  readonly list: unknown;
  /** Certificate of the key that signed it, PEM. */
  readonly pin: string;
  /** Every revocation list that the gateway has, DER. */
  readLists(): Promise<readonly Uint8Array[]>;
}

/** What the runtime brings: files on Node, bindings on Workers. */
export interface Resources {
  readonly clock: Clock;
  readonly objects: ObjectStore;
  readonly keys: KeyService;
  readonly revocation: RevocationSource;
  /** The lists themselves, DER, for those who verify by themselves. */
  readonly revocationLists: () => Promise<readonly Uint8Array[]>;
  /** What REVOCATION_FILE says, as JSON; an empty object without one. */
  readonly revocationPlan: unknown;
  /** The signed trust list, as JSON. */
  readonly trustList: unknown;
  readonly evidenceKey: Uint8Array;
  /** PEM, leaf first. */
  readonly evidenceCertificates: string;
  /** PKCS#8 of the keys for `private_key_jwt`; the first one signs, all are published, so that they can be changed. */
  readonly clientKeys: readonly Uint8Array[];
  /** Seed of the log's Ed25519 key, 32 bytes. */
  readonly logSeed: Uint8Array;
  /** Who has to cosign the log; null where nobody does. */
  readonly witnessPolicy: WitnessPolicy | null;
  readonly assets: Assets;
  /** A TrueType font: from the disk on Node, from assets or the object store on Workers. */
  readonly readFont: () => Promise<Uint8Array>;
  readonly demonstration: DemonstrationGuide | null;
}

/** Some 40 bytes to 40 kB each. */
const cachedStatusLists = 256;

/** Opens everything the rooms need; refuses to start over a store or a trust list that is not what it should be. */
export async function openGateway(settings: Settings, resources: Resources): Promise<Gateway> {
  const { clock, objects, keys } = resources;
  await objects.selfTest();
  const chain = pemToDer(resources.evidenceCertificates, 'CERTIFICATE');
  const [leaf] = chain;
  if (leaf === undefined) throw new Error('EVIDENCE_CERTIFICATES_FILE holds no certificate');
  const { trust, list } = await openTrust({
    list: resources.trustList,
    evidenceCertificate: leaf,
    revocation: resources.revocation,
    revocationPlan: resources.revocationPlan,
    clock,
  });
  refuseDevelopmentTrust(settings, trust);
  refuseOtherPolicy(list.witnessPolicy, resources.witnessPolicy);
  const database = await openDatabase({
    url: settings.DATABASE_URL.reveal(),
    poolSize: settings.DATABASE_POOL,
    deadlineMs: settings.DATABASE_DEADLINE_MS,
  });
  const evidence = await webCryptoSigner(resources.evidenceKey, chain, 'ES256');
  const detailKey = await openAuditKey(database, keys, 'detail');
  const sealDetail = detailSealer(detailKey);
  return {
    settings,
    clock,
    database,
    objects,
    keys,
    locker: openLocker({ database, objects, keys, clock }),
    inspections: openInspectionDesk(),
    trust,
    publishedTrust: {
      list: resources.trustList,
      pin: derToPem(leaf, 'CERTIFICATE'),
      readLists: resources.revocationLists,
    },
    pathCache: createPathCache(),
    timestamps: timestampService([
      { url: settings.TSA_URL, anchors: trust.time, revocation: trust.revocation, timeoutMs: 10_000, clock },
    ]),
    evidence,
    log: openLogServices({
      database,
      store: objects,
      base: settings.LOG_ORIGIN,
      seed: resources.logSeed,
      openDetail: (sealed) => openSealedDetail(detailKey, sealed),
    }),
    sealDetail,
    identity: await identityServices(settings, {
      clock,
      database,
      trust,
      evidence,
      leaf,
      sealDetail,
      clientKeys: resources.clientKeys,
    }),
    walletKey: hkdfExpandSha512(indexKeyOf(settings), new TextEncoder().encode('hikitsugi/wallet-key/v1'), 32),
    assets: resources.assets,
    certificateFont: lazyFont(resources.readFont),
    statusLists: openStatusListCache(cachedStatusLists),
    revocationLists: resources.revocationLists,
    demonstration: resources.demonstration,
  };
}

/** Production believes no development authority, whoever put it on the list. */
function refuseDevelopmentTrust(settings: Settings, trust: Trust): void {
  const names = settings.NODE_ENV === 'production' ? developmentAnchors(trust) : [];
  if (names.length > 0) throw new SettingsError([`TRUST_DIRECTORY: development authorities: ${names.join(', ')}`]);
}

/** Whoever verifies by the list would find every proof of a gateway without these witnesses wanting. */
function refuseOtherPolicy(stated: string | undefined, own: WitnessPolicy | null): void {
  if (!statesOtherPolicy(stated, own)) return;
  throw new SettingsError(['TRUST_DIRECTORY: the trust list states another witness policy than WITNESS_POLICY_FILE']);
}

interface IdentityParts {
  readonly clock: Clock;
  readonly database: Database;
  readonly trust: Trust;
  readonly evidence: Signer;
  readonly leaf: Uint8Array;
  readonly sealDetail: SealDetail;
  readonly clientKeys: readonly Uint8Array[];
}

async function identityServices(settings: Settings, parts: IdentityParts): Promise<IdentityServices> {
  const { clock, database, trust, evidence, sealDetail } = parts;
  const leaf = parseX509Certificate(parts.leaf);
  if (!leaf.ok) throw new Error(`the evidence certificate is not usable: ${leaf.fault}`);
  // Imported once: every request with an access token is verified with it.
  const tokenKey = await importVerificationKey({ spki: leaf.value.publicKey.spki }, evidence.algorithm);
  if (tokenKey === null) throw new Error('the evidence key and its certificate do not fit each other');
  const clientKeys = await Promise.all(parts.clientKeys.map(importClientKey));
  const indexKey = indexKeyOf(settings);
  return {
    database,
    clock,
    publicOrigin: settings.PUBLIC_ORIGIN,
    sessionLimits: { idleMinutes: settings.SESSION_IDLE_MINUTES, absoluteHours: settings.SESSION_ABSOLUTE_HOURS },
    rates: {
      perMinute: {
        login: settings.RATE_LOGIN,
        token: settings.RATE_TOKEN,
        account: settings.RATE_ACCOUNT,
        client: settings.RATE_CLIENT,
        school: settings.RATE_SCHOOL,
        heavy: settings.RATE_HEAVY,
      },
      addressHeader: settings.CLIENT_ADDRESS_HEADER ?? null,
    },
    identityProviders: [
      openIdentityProvider({
        id: settings.OIDC_PROVIDER_ID,
        issuer: settings.OIDC_ISSUER,
        clientId: settings.OIDC_CLIENT_ID,
        clientSecret: settings.OIDC_CLIENT_SECRET.reveal(),
        publicOrigin: settings.PUBLIC_ORIGIN,
        scope: organisationScope,
        idTokenAlgorithm: 'RS256',
        timeoutSeconds: 10,
        authTime: settings.OIDC_AUTH_TIME,
      }),
    ],
    personProviders: personProviders(settings, clientKeys),
    clientKeys: clientKeys.map(({ publicJwk }) => publicJwk),
    personTrust: {
      anchors: trust.person,
      revocation: trust.revocation,
      indexKey,
    },
    tokenKey: { signer: evidence, verification: { key: tokenKey } },
    proofNonceKey: hkdfExpandSha512(indexKey, new TextEncoder().encode('hikitsugi/dpop-nonce-key/v1'), 32),
    sealDetail,
  };
}

function indexKeyOf(settings: Settings): Uint8Array {
  return new Uint8Array(Buffer.from(settings.PERSON_INDEX_KEY.reveal(), 'base64'));
}

/** デジタル認証アプリ, where the operator has registered with it. */
function personProviders(settings: Settings, [clientKey]: readonly ClientKey[]) {
  const { PERSON_OIDC_ISSUER: issuer, PERSON_OIDC_CLIENT_ID: clientId, PERSON_OIDC_PROVIDER_ID: id } = settings;
  if (issuer === undefined || clientId === undefined || clientKey === undefined) return [];
  return [
    openPersonProvider({ id, issuer, clientId, clientKey, publicOrigin: settings.PUBLIC_ORIGIN, timeoutSeconds: 10 }),
  ];
}
