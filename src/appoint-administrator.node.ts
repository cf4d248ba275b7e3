import { parseArgs } from 'node:util';
import { type AppointmentRefusal, appointByOperator } from './administration/appoint-administrator.ts';
import { openAuditKey } from './audit/audit-key.ts';
import { detailSealer } from './audit/detail-sealer.ts';
import { systemClock } from './clock.ts';
import { openDatabase } from './database/connection.ts';
import { openKeys } from './resources.node.ts';
import { readSettings, SettingsError } from './settings.ts';

// `npm run appoint-administrator`: the first administrator of a founder, by the operator, in the gateway's environment.
const usage = 'usage: npm run appoint-administrator -- --founder <13 digits> --subject <sub> --name <name>';

const refusals: Readonly<Record<AppointmentRefusal, string>> = {
  'subject-malformed': '--subject: 1 to 255 visible ASCII characters, as the provider gives them (sub)',
  'name-malformed': '--name: 1 to 100 characters in one line',
  'number-malformed': '--founder: a corporate number (法人番号), 13 digits with a right check digit',
  'founder-unknown': '--founder: no founder with this number is in the directory',
  'founder-differs': '--subject: this account belongs to another founder',
};

process.exitCode = await run().catch((error: unknown) => {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  return 2;
});

async function run(): Promise<number> {
  const words = readWords();
  if (words === null) {
    console.error(usage);
    return 2;
  }
  const settings = readSettings(process.env);
  const keys = await openKeys(settings);
  const database = await openDatabase({
    url: settings.DATABASE_URL.reveal(),
    poolSize: 1,
    deadlineMs: settings.DATABASE_DEADLINE_MS,
  });
  try {
    const sealDetail = detailSealer(await openAuditKey(database, keys, 'detail'));
    const input = { ...words, issuer: settings.OIDC_ISSUER };
    const appointed = await appointByOperator({ database, clock: systemClock, sealDetail }, input);
    if (!appointed.ok) {
      console.error(refusals[appointed.fault]);
      return 1;
    }
    const { isNew, staffId, founder } = appointed.value;
    console.log(isNew ? `Appointed: ${staffId} for ${founder}.` : `Already so: ${staffId} for ${founder}. No change.`);
    return 0;
  } finally {
    await database.close();
  }
}

/** Null when one is missing, or something else was written. */
function readWords(): { readonly founder: string; readonly subject: string; readonly name: string } | null {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({ options: { founder: text, subject: text, name: text }, strict: true });
    const { founder, subject, name } = values;
    return founder === undefined || subject === undefined || name === undefined ? null : { founder, subject, name };
  } catch {
    return null;
  }
}
