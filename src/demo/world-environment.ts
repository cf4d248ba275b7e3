import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Authorities } from './authorities.node.ts';
import type { DemoMachineClient } from './machine-clients.node.ts';
import type { NamedDatabase } from './replaced-parts.ts';
import type { DemoSecrets } from './secrets.node.ts';
import { demoLogBase } from './signed-trust.node.ts';
import type { TimeStampAuthority } from './tsa.node.ts';

/** The id under which the gateway knows the identity provider; it is part of the redirect address. */
export const demoProviderId = 'gbizid';
export const demoClientId = 'hikitsugi-demo';
/** The same for the stand-in for デジタル認証アプリ. */
export const demoAppProviderId = 'digital-auth';
export const demoAppClientId = 'hikitsugi-demo-persons';

/** What has been opened of a world. */
export interface WorldParts {
  readonly folder: string;
  readonly clock: Clock;
  readonly origin: string;
  readonly gatewayPort: number;
  readonly secrets: DemoSecrets;
  readonly authorities: Authorities;
  readonly database: NamedDatabase;
  readonly issuer: string;
  readonly appIssuer: string;
  readonly timeStamp: TimeStampAuthority;
  readonly revocationFile: string;
  readonly machineClients: readonly DemoMachineClient[];
  /** Null in a world without witnesses. */
  readonly policyFile: string | null;
}

/** The settings of a gateway in this world. */
export function environmentOf(parts: WorldParts): Readonly<Record<string, string>> {
  const { folder, origin, secrets, authorities, database } = parts;
  return {
    NODE_ENV: 'development',
    DEMONSTRATION: 'yes',
    HOST: '127.0.0.1',
    PORT: String(parts.gatewayPort),
    PUBLIC_ORIGIN: origin,
    DATABASE_URL: database.appUrl,
    MIGRATION_DATABASE_URL: database.ownerUrl,
    OBJECTS_DIRECTORY: join(folder, 'objects'),
    KEYS_FILE: keysFile(folder),
    PERSON_INDEX_KEY: secrets.personIndexKey,
    OIDC_PROVIDER_ID: demoProviderId,
    OIDC_ISSUER: parts.issuer,
    OIDC_CLIENT_ID: demoClientId,
    OIDC_CLIENT_SECRET: secrets.clientSecret,
    PERSON_OIDC_PROVIDER_ID: demoAppProviderId,
    PERSON_OIDC_ISSUER: parts.appIssuer,
    PERSON_OIDC_CLIENT_ID: demoAppClientId,
    PERSON_OIDC_CLIENT_KEY_FILE: clientKeyFile(folder),
    TSA_URL: parts.timeStamp.url,
    TRUST_DIRECTORY: authorities.trustDirectory,
    CRL_DIRECTORY: authorities.crlDirectory,
    REVOCATION_FILE: parts.revocationFile,
    EVIDENCE_KEY_FILE: authorities.evidenceKeyFile,
    EVIDENCE_CERTIFICATES_FILE: authorities.evidenceCertificatesFile,
    LOG_KEY_FILE: authorities.logKeyFile,
    LOG_ORIGIN: demoLogBase,
    ...(parts.policyFile === null ? {} : { WITNESS_POLICY_FILE: parts.policyFile }),
    // Who looks around would wait a day for the first line.
    LEDGER_DELAY_HOURS: '0',
    MAIL_DIRECTORY: join(folder, 'mail'),
  };
}

/** The key with which the gateway shows the app's provider who it is. */
export function clientKeyFile(folder: string): string {
  return join(folder, 'keys', 'oidc-client.pem');
}

export function keysFile(folder: string): string {
  return join(folder, 'keys', 'root-keys.json');
}
