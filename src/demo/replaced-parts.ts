type Environment = Readonly<Record<string, string | undefined>>;

// What the world itself decides: its mode, its address, its keys.
const replaceable = [
  'DATABASE_URL',
  'DATABASE_POOL',
  'MIGRATION_DATABASE_URL',
  'S3_ENDPOINT',
  'S3_REGION',
  'S3_BUCKET',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
  'OIDC_PROVIDER_ID',
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'PERSON_OIDC_PROVIDER_ID',
  'PERSON_OIDC_ISSUER',
  'PERSON_OIDC_CLIENT_ID',
  'PERSON_OIDC_CLIENT_KEY_FILE',
  'TSA_URL',
  'LOG_INTERVAL_MS',
  'ALERTS_INTERVAL_MS',
  'MAIL_DIRECTORY',
  'MAX_DOCUMENT_BYTES',
  'SESSION_IDLE_MINUTES',
  'SESSION_ABSOLUTE_HOURS',
] as const;

/** Puts the settings that the operator named in the place of the world's own parts. */
export function withReplacedParts(own: Readonly<Record<string, string>>, named: Environment): Record<string, string> {
  const settings: Record<string, string> = { ...own };
  for (const name of replaceable) {
    const value = named[name];
    if (value !== undefined && value !== '') settings[name] = value;
  }
  // The directory store is chosen whenever it is named: an S3 store takes its place.
  if (settings['S3_ENDPOINT'] !== undefined) delete settings['OBJECTS_DIRECTORY'];
  return settings;
}

export interface NamedDatabase {
  readonly appUrl: string;
  readonly ownerUrl: string;
  readonly appRole: string;
}

/** A database of the operator's: the owner's address too, since the world has to make the tables. */
export function namedDatabase(named: Environment): NamedDatabase | null {
  const appUrl = named['DATABASE_URL'];
  if (appUrl === undefined || appUrl === '') return null;
  const ownerUrl = named['MIGRATION_DATABASE_URL'];
  if (ownerUrl === undefined || ownerUrl === '') {
    throw new Error(
      'DATABASE_URL is set: MIGRATION_DATABASE_URL is needed beside it, for the role that owns the tables',
    );
  }
  return { appUrl, ownerUrl, appRole: decodeURIComponent(new URL(appUrl).username) };
}
