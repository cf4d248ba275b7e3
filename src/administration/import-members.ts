import type { Transaction } from '../database/connection.ts';
import { findInvitations } from '../directory/invitations.ts';
import { findAccounts, founderOf } from '../directory/members.ts';
import { fault } from '../faults.ts';
import type { StaffActor } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { look, perform, type VerbContext } from '../transfers/act.ts';
import { logPlainEvent } from '../transfers/record.ts';
import { roleJa } from '../web/locales/ja/role.ts';
import { type CsvCharset, decodeCsv, parseCsv, writeCsv } from './csv.ts';
import { lockPresent, readPresent, staffFor } from './manager.ts';
import { csvHeader, type PlannedLine, planImport } from './plan-import.ts';
import { propose } from './propose.ts';
import type { Present } from './rules.ts';

/** Five hundred lines of what people are called; the page sends it back once more, in base64. */
const maxImportBytes = 64 * 1024;

export interface CsvFile {
  readonly bytes: Uint8Array;
  readonly charset: CsvCharset;
}

export interface ImportPreview {
  readonly lines: readonly PlannedLine[];
  readonly changes: number;
  readonly faults: number;
}

/** What a file would change and what is wrong with it, line by line; nothing is done. Faults: import.unreadable */
export async function previewImport(context: VerbContext, file: CsvFile): Promise<Result<ImportPreview>> {
  return look(context, async (tx) => {
    const manager = staffFor(context, 'member.list');
    if (!manager.ok) return manager;
    const present = await readPresent(tx, context, manager.value.school);
    return plan(tx, file, { present, by: manager.value });
  });
}

/**
 * Proposes all that a file says, as one thing: confirmed whole by a second person, or not at all.
 * Faults: import.unreadable, import.refused when a line is wrong, import.empty
 */
export async function proposeImport(
  context: VerbContext,
  file: CsvFile,
): Promise<Result<{ readonly proposalId: string; readonly changes: number }>> {
  return perform(context, { event: 'members.imported', caseId: null }, async (tx) => {
    const manager = staffFor(context, 'member.manage');
    if (!manager.ok) return manager;
    const present = await lockPresent(tx, context, manager.value.school);
    const planned = await plan(tx, file, { present, by: manager.value });
    if (!planned.ok) return planned;
    if (planned.value.faults > 0) return refuse(fault('import.refused'));
    const changes = planned.value.lines.flatMap(({ change }) => (change === null ? [] : [change]));
    if (changes.length === 0) return refuse(fault('import.empty'));
    const proposed = await propose(tx, context, { kind: 'members', changes });
    return proposed.ok ? ok({ proposalId: proposed.value, changes: changes.length }) : proposed;
  });
}

/** The people of the school as a file that can be changed and imported again. */
export async function exportMembers(context: VerbContext): Promise<Result<string>> {
  return perform(context, { event: 'members.exported', caseId: null }, async (tx) => {
    const manager = staffFor(context, 'member.list');
    if (!manager.ok) return manager;
    const { members } = await readPresent(tx, context, manager.value.school);
    const rows = members
      .filter(({ role }) => role !== 'administrator')
      .map((one) => [
        one.account,
        one.name,
        roleJa[`role.${one.role}`],
        one.homeroom ?? '',
        one.validFrom,
        one.validTo ?? '',
      ]);
    await logPlainEvent(tx, context, 'members.exported', { count: rows.length });
    return ok(writeCsv([csvHeader, ...rows]));
  });
}

async function plan(
  tx: Transaction,
  { bytes, charset }: CsvFile,
  { present, by }: { readonly present: Present; readonly by: StaffActor },
): Promise<Result<ImportPreview>> {
  if (bytes.length > maxImportBytes) return refuse(fault('request.too-large', { params: { limit: '64 KB' } }));
  const text = decodeCsv(bytes, charset);
  const records = text.ok ? parseCsv(text.value) : text;
  if (!records.ok) return refuse(fault('import.unreadable', { detail: records.fault }));
  const accounts = await findAccounts(tx, (await founderOf(tx, by.school)) ?? '');
  const invitations = await findInvitations(tx, by.school);
  const lines = planImport(records.value, { present, accounts, invitations, by });
  if (!lines.ok) return refuse(fault('import.unreadable', { detail: lines.fault }));
  return ok({
    lines: lines.value,
    changes: lines.value.filter(({ change }) => change !== null).length,
    faults: lines.value.filter(({ faults }) => faults.length > 0).length,
  });
}
