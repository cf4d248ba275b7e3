import { type CsvCharset, decodeCsv, parseCsv } from '../administration/csv.ts';
import { staffFor } from '../administration/manager.ts';
import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import { answeredBefore, look, perform, refuseLogged, type VerbContext } from '../transfers/act.ts';
import { storeEntry } from './enter-entry.ts';
import type { RegisterFacts } from './facts.ts';
import { type PlannedEntry, planRegisterImport } from './plan-import.ts';
import { findEntriesByNumber, numberKeyOf } from './register-store.ts';
import { type OpenEntry, openEntry, sealEntry, withKeys } from './sealed-entries.ts';

/** The page sends it back once more, in base64. */
const maxImportBytes = 90 * 1024;

export interface RegisterCsv {
  readonly bytes: Uint8Array;
  readonly charset: CsvCharset;
}

/** What would come of a line. */
export type LineOutcome = 'new' | 'changed' | 'same' | 'wrong';

export interface RegisterPreview {
  readonly lines: readonly (Omit<PlannedEntry, 'facts'> & { readonly outcome: LineOutcome })[];
  readonly changes: number;
  readonly faults: number;
}

/** What a file would enter and what is wrong with it; nothing is done. Faults: import.register-unreadable */
export async function previewRegisterImport(context: VerbContext, file: RegisterCsv): Promise<Result<RegisterPreview>> {
  const planned = await plan(context, file);
  if (!planned.ok) return planned;
  const lines = planned.value.lines.map(({ facts: _facts, existing: _existing, ...line }) => line);
  return ok({
    lines,
    changes: lines.filter(({ outcome }) => outcome === 'new' || outcome === 'changed').length,
    faults: lines.filter(({ outcome }) => outcome === 'wrong').length,
  });
}

/**
 * Enters all that a file says, or nothing. A line that is as it says changes nothing: the same file twice is one import.
 * Faults: import.register-unreadable, import.refused, import.empty, request.precondition-failed
 */
export async function importRegister(
  context: VerbContext,
  file: RegisterCsv,
): Promise<Result<{ readonly changes: number }>> {
  const event = { event: 'certificate-register.imported', caseId: null } as const;
  const before = await answeredBefore<{ readonly changes: number }>(context, null);
  if (before !== null) return before;
  const planned = await plan(context, file);
  if (!planned.ok) return refuseLogged(context, event, planned.fault);
  const { school, lines } = planned.value;
  if (lines.some(({ outcome }) => outcome === 'wrong')) return refuseLogged(context, event, fault('import.refused'));
  const drafts = lines.flatMap(({ facts, existing, outcome }) =>
    facts === null || outcome === 'same'
      ? []
      : [{ facts, pupilId: existing?.open.row.pupilId ?? null, of: existing?.closed ?? null }],
  );
  if (drafts.length === 0) return refuseLogged(context, event, fault('import.empty'));
  const sealed = await Promise.all(drafts.map((draft) => sealEntry(context.gateway, school, draft)));
  return perform(context, event, async (tx) => {
    const staff = staffFor(context, 'certificate.register');
    if (!staff.ok) return staff;
    for (const one of sealed) {
      const stored = await storeEntry(tx, context, one);
      if (!stored.ok) return stored;
    }
    return ok({ changes: sealed.length });
  });
}

async function plan(context: VerbContext, { bytes, charset }: RegisterCsv) {
  const { gateway } = context;
  const staff = staffFor(context, 'certificate.register');
  if (!staff.ok) return staff;
  const { school } = staff.value;
  if (bytes.length > maxImportBytes) return refuse(fault('request.too-large', { params: { limit: '90 KB' } }));
  const text = decodeCsv(bytes, charset);
  const records = text.ok ? parseCsv(text.value) : text;
  if (!records.ok) return refuse(fault('import.register-unreadable', { detail: records.fault }));
  const planned = planRegisterImport(records.value);
  if (!planned.ok) return refuse(fault('import.register-unreadable', { detail: planned.fault }));
  const keys = planned.value.map(({ number }) => numberKeyOf(gateway, school, number));
  const closed = await look(context, async (tx) =>
    ok(await withKeys(tx, gateway, await findEntriesByNumber(tx, school, keys))),
  );
  if (!closed.ok) return closed;
  const existing = new Map(
    await Promise.all(
      closed.value.map(
        async (one) => [one.row.numberKey, { closed: one, open: await openEntry(gateway, one) }] as const,
      ),
    ),
  );
  const lines = planned.value.map((line, index) => {
    const present = existing.get(keys[index] ?? '') ?? null;
    const merged = line.facts === null ? null : mergeFacts(line.facts, present?.open ?? null);
    return { ...line, facts: merged, existing: present, outcome: outcomeOf(merged, present?.open ?? null) };
  });
  return ok({ school, lines });
}

/** What a CSV has no column for stays as it was. */
function mergeFacts(facts: RegisterFacts, present: OpenEntry | null): RegisterFacts {
  return present === null ? facts : { ...facts, nonStandardCharacters: present.facts.nonStandardCharacters };
}

function outcomeOf(facts: RegisterFacts | null, present: OpenEntry | null): LineOutcome {
  if (facts === null) return 'wrong';
  if (present === null) return 'new';
  return JSON.stringify(facts) === JSON.stringify(present.facts) ? 'same' : 'changed';
}
