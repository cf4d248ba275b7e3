import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type DetailField, detailFields } from '../../src/audit/event-fields.ts';
import { type AuditEventName, auditEventNames } from '../../src/audit/event-names.ts';
import {
  auditEventTable,
  commonFields,
  type EventDescription,
  type ExactDetail,
  type SeenBy,
} from '../../src/audit/event-table.ts';

const root = join(import.meta.dirname, '..', '..');
const file = join(root, 'docs', 'audit-events.md');
const table: Readonly<Record<AuditEventName, EventDescription>> = auditEventTable;

it('docs/audit-events.md is printed from the table of events (npm run events)', async () => {
  const text = eventsDocument();
  if (process.env['WRITE_EVENTS'] === 'yes') await writeFile(file, text);
  expect(await readFile(file, 'utf8')).toBe(text);
});

it('every event is written somewhere, but for those whose act is not built yet', async () => {
  const writers = (await sourceFiles()).filter(({ path }) => !isAboutEvents.test(path));
  expect(writers.length).toBeGreaterThan(400);
  const isWritten = (name: string) => writers.some(({ text }) => text.includes(`'${name}'`));
  const unwritten = auditEventNames.filter((name) => !isWritten(name));
  expect(unwritten).toEqual(auditEventNames.filter((name) => table[name].isReserved));
});

it('the table says of each act on a case in whose ledger it stands', async () => {
  const acts = (await sourceFiles()).flatMap(({ text }) => recordedActs(text));
  expect(acts.length).toBeGreaterThan(20);
  for (const { name, seenBy } of acts) expect([name, table[name].seenBy]).toEqual([name, seenBy]);
});

it('has no field that no event has, and each has its meaning in both languages', () => {
  const used = new Set<DetailField>([...commonFields, ...auditEventNames.flatMap((name) => table[name].detail)]);
  expect([...used].toSorted()).toEqual(Object.keys(detailFields).toSorted());
});

it('a field that the event does not have does not compile, however the detail was put together', () => {
  const elsewhere = { fingerprint: 'f', name: 'somebody' };
  // @ts-expect-error — a name is no field of any event
  const detail: ExactDetail<'seal-key.imported', typeof elsewhere> = elsewhere;
  expect(detail).toBe(elsewhere);
});

/** What tells of events, and writes none. */
const isAboutEvents = /^(audit\/event-|web\/|cli\/|demo\/|bench\/|board\/alerts?\/rule-)/;

async function sourceFiles() {
  const paths = (await readdir(join(root, 'src'), { recursive: true })).filter((path) => /\.tsx?$/.test(path));
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(root, 'src', path), 'utf8') })));
}

/** The calls of `recordEvent` that name their events on the spot. */
function recordedActs(text: string): { name: AuditEventName; seenBy: SeenBy }[] {
  const calls = text.match(/recordEvent\(tx, context, \{[\s\S]*?\}\)/g) ?? [];
  return calls.flatMap((call) => {
    const seenBy = call.includes('alsoOtherSide: true') ? 'bothSides' : call.includes('isHidden') ? 'school' : 'case';
    const names = auditEventNames.filter((name) => call.includes(`'${name}'`));
    return names.map((name) => ({ name, seenBy }) as const);
  });
}

const seen: Readonly<Record<SeenBy, string>> = {
  school: 'その学校 the school',
  case: 'その学校、本人・保護者 the school, the person',
  bothSides: '送付元、送付先（それぞれ自分の記録）、本人・保護者 sender and recipient (each its own entry), the person',
  nobody: '（公開の記録だけ） nobody: the log alone',
};

function eventsDocument(): string {
  const built = auditEventNames.filter((name) => !table[name].isReserved);
  const kept = auditEventNames.filter((name) => table[name].isReserved);
  return [
    '# Audit events 監査の記録',
    '',
    'Printed from `src/audit/event-table.ts` by `npm run events`; do not edit. A test fails when they differ, when an event is',
    'written nowhere, and when a detail has a field that is not in here (that does not even compile).',
    '',
    '## What an event leaves behind, who sees it, and how long it stays',
    '',
    'The same for every event:',
    '',
    '| Part | Fields | Who sees it | How long it stays |',
    '| --- | --- | --- | --- |',
    '| Entry of the log ([formats.md](formats.md#log-entry)) | `event` (a refused act ends in `.refused`), `time`, `side`, `orgRole`, `purpose`, `objectDigest`, `token`, `nonce`, `commitment`, `boardSlice`, `boardSeq`, `v` | its hash everybody; the entry whoever has its proof, and a board its slice | for ever: the log only grows |',
    '| Row of the ledger (`audit_events`) | `id`, `at`, `name`, `outcome`, `reason`, `side`, `organisation`, `actorRole`, `assurance`, `purpose`, `caseId`, `objectDigest` | the school in `organisation`; the person of the case, where the table below says so; nobody else, by row level security | nothing deletes it |',
    '| Detail, sealed | the fields below | nobody by itself: the gateway opens it to prove a registered key and to raise alerts | as long as the key of details exists; without it only the commitment in the log remains |',
    '',
    'A refusal has the same name, its exact reason in `reason`, and is seen by the school that was refused, never by the',
    'person. Events without an organisation (somebody not logged in, or before a school was chosen) are in nobody’s ledger.',
    '',
    `In any detail: ${commonFields.map((field) => `\`${field}\``).join(', ')}.`,
    '',
    '## Events',
    '',
    '| Event | 日本語 | English | Fields of the detail | Who sees the row |',
    '| --- | --- | --- | --- | --- |',
    ...built.map((name) => {
      const { ja, en, detail, seenBy } = table[name];
      const fields = detail.map((field) => `\`${field}\``).join(', ');
      return `| \`${name}\` | ${ja} | ${en} | ${fields || '–'} | ${seen[seenBy]} |`;
    }),
    '',
    '## Fields of details',
    '',
    '| Field | 日本語 | English |',
    '| --- | --- | --- |',
    ...Object.entries(detailFields).map(([field, { ja, en }]) => `| \`${field}\` | ${ja} | ${en} |`),
    '',
    '## Reserved',
    '',
    'Names that are kept for acts that are not built yet; nothing writes them:',
    '',
    ...kept.map((name) => `- \`${name}\`: ${table[name].ja} ${table[name].en}`),
    '',
  ].join('\n');
}
