import { z } from 'zod';

/** A value that must not appear in a log, an error or a dump. */
class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
}

const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value));
const origin = z.string().refine(isOrigin, 'an origin such as https://hikitsugi.example, without path or slash');
const positive = z.coerce.number().int().positive();

/** The one description of the environment; docs/operations.md explains each name. */
const schema = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8787),
  PUBLIC_ORIGIN: origin,

  DATABASE_URL: secret,
  DATABASE_POOL: positive.default(10),
  DATABASE_DEADLINE_MS: positive.default(10_000),
  MIGRATION_DATABASE_URL: secret.optional(),

  OBJECTS_DIRECTORY: z.string().optional(),
  S3_ENDPOINT: z.url().optional(),
  S3_REGION: z.string().default('auto'),
  S3_BUCKET: z.string().optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: secret.optional(),

  KEYS_FILE: z.string().optional(),
  PERSON_INDEX_KEY: secret,

  OIDC_ISSUER: z.url(),
  OIDC_PROVIDER_ID: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,20}$/)
    .default('gbizid'),
  OIDC_CLIENT_ID: z.string(),
  OIDC_CLIENT_SECRET: secret,
  OIDC_AUTH_TIME: z.enum(['required', 'unavailable']).default('required'),

  PERSON_OIDC_ISSUER: z.url().optional(),
  PERSON_OIDC_PROVIDER_ID: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,20}$/)
    .default('digital-auth'),
  PERSON_OIDC_CLIENT_ID: z.string().optional(),
  PERSON_OIDC_CLIENT_KEY_FILE: z.string().optional(),

  TSA_URL: z.url(),
  TRUST_DIRECTORY: z.string(),
  CRL_DIRECTORY: z.string(),
  REVOCATION_FILE: z.string().optional(),
  EVIDENCE_KEY_FILE: z.string(),
  EVIDENCE_CERTIFICATES_FILE: z.string(),
  LOG_KEY_FILE: z.string(),
  LOG_ORIGIN: z.string(),
  /** C2SP tlog-policy with an address for each witness; unset: nobody cosigns. */
  WITNESS_POLICY_FILE: z.string().optional(),
  LOG_INTERVAL_MS: positive.default(500),
  ALERTS_INTERVAL_MS: positive.default(60_000),

  /** So late a person sees a line of the ledger: whoever looks must not be followed in real time. */
  LEDGER_DELAY_HOURS: z.coerce.number().int().min(0).max(720).default(24),

  MAIL_DIRECTORY: z.string(),
  SESSION_IDLE_MINUTES: positive.default(30),
  SESSION_ABSOLUTE_HOURS: positive.default(12),
  CLIENT_ADDRESS_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,40}$/)
    .optional(),
  RATE_LOGIN: positive.default(300),
  RATE_TOKEN: positive.default(300),
  RATE_ACCOUNT: positive.default(600),
  RATE_CLIENT: positive.default(1200),
  RATE_SCHOOL: positive.default(6000),
  RATE_HEAVY: positive.default(120),
  MAX_DOCUMENT_BYTES: positive.default(200 * 1024 * 1024),
  /** Set by the demonstration world alone; refused in production. */
  DEMONSTRATION: z.enum(['yes', 'no']).default('no'),
});

export type Settings = Readonly<z.output<typeof schema>>;

/** Every name that the gateway reads, for the documents that have to name them all. */
export const settingNames: readonly string[] = Object.keys(schema.shape);

/** Thrown when the environment is not fit to start with; `problems` names settings, never values. */
export class SettingsError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The settings are not complete:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/** Reads the settings from an environment; refuses with the whole list of what is missing. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = schema.safeParse(dropEmpty(environment));
  const problems = parsed.success
    ? [...storeProblems(parsed.data), ...personProviderProblems(parsed.data)]
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (parsed.success && parsed.data.NODE_ENV === 'production') problems.push(...productionProblems(parsed.data));
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems);
  return parsed.data;
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}

function storeProblems(settings: Settings): string[] {
  const s3 = [settings.S3_ENDPOINT, settings.S3_BUCKET, settings.S3_ACCESS_KEY_ID, settings.S3_SECRET_ACCESS_KEY];
  if (settings.OBJECTS_DIRECTORY === undefined && s3.some((value) => value === undefined)) {
    return ['OBJECTS_DIRECTORY, or S3_ENDPOINT with S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY'];
  }
  return [];
}

/** All of it or nothing: half a registration would be a door that never opens. */
function personProviderProblems(settings: Settings): string[] {
  const { PERSON_OIDC_ISSUER, PERSON_OIDC_CLIENT_ID, PERSON_OIDC_CLIENT_KEY_FILE } = settings;
  const named = [PERSON_OIDC_ISSUER, PERSON_OIDC_CLIENT_ID, PERSON_OIDC_CLIENT_KEY_FILE].filter(Boolean).length;
  const problems: string[] = [];
  if (named > 0 && named < 3) {
    problems.push('PERSON_OIDC_ISSUER, PERSON_OIDC_CLIENT_ID, PERSON_OIDC_CLIENT_KEY_FILE: all three, or none');
  }
  // One redirect address per issuer (RFC 9700 §4.4.2.2).
  if (named > 0 && settings.PERSON_OIDC_PROVIDER_ID === settings.OIDC_PROVIDER_ID) {
    problems.push('PERSON_OIDC_PROVIDER_ID: must differ from OIDC_PROVIDER_ID');
  }
  return problems;
}

/** Production refuses every part of the demonstration world, by name. */
function productionProblems(settings: Settings): string[] {
  const problems: string[] = [];
  if (settings.DEMONSTRATION === 'yes')
    problems.push('DEMONSTRATION: the demonstration world never runs in production');
  if (!settings.PUBLIC_ORIGIN.startsWith('https://')) problems.push('PUBLIC_ORIGIN: must be https');
  if (!settings.OIDC_ISSUER.startsWith('https://')) problems.push('OIDC_ISSUER: must be https (GBizID)');
  if (settings.PERSON_OIDC_ISSUER?.startsWith('https://') === false)
    problems.push('PERSON_OIDC_ISSUER: must be https (デジタル認証アプリ)');
  if (!settings.TSA_URL.startsWith('https://')) problems.push('TSA_URL: must be an accredited authority over https');
  if (settings.OBJECTS_DIRECTORY !== undefined) problems.push('OBJECTS_DIRECTORY: use S3_* in production');
  if (settings.KEYS_FILE !== undefined)
    problems.push('KEYS_FILE: the file key service is for development; name a key service');
  if (settings.MIGRATION_DATABASE_URL !== undefined) {
    problems.push('MIGRATION_DATABASE_URL: the owner role is not given to the running application');
  }
  return problems;
}

function dropEmpty(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value !== undefined && value !== '') kept[name] = value;
  return kept;
}
