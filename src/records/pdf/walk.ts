import type { PdfFile } from '../../crypto/pdf/read-file.ts';
import {
  type Budget,
  breathe,
  damaged,
  isArray,
  isDictionary,
  isReference,
  type PdfDictionary,
  PdfRefused,
  type PdfValue,
} from '../../crypto/pdf/values.ts';
import { fault } from '../../faults.ts';
import { describingKeys, forbiddenKeys, forbiddenNames, keysOfNames, namingKeys } from './forbidden.ts';

/** What the sender may know of a PDF that may be sent. */
export type PdfFinding = 'pdf.signed' | 'pdf.metadata';

/**
 * How a value is used. In `names` the keys are names that the author chose (of fonts, styles …) and mean nothing;
 * `appearance` holds such dictionaries one step further in.
 */
type Role = 'object' | 'names' | 'appearance' | 'openAction';

/**
 * Goes through every object in every way it is used, and refuses what acts, plays, asks outside or carries files.
 * A reference stands for all versions of its object, so that it does not matter which one a reader takes.
 * @throws {PdfRefused}
 */
export async function walkPdf(file: PdfFile, budget: Budget): Promise<ReadonlySet<PdfFinding>> {
  if (file.trailers.some(({ entries }) => entries.has('Encrypt'))) {
    throw new PdfRefused(fault('document.encrypted', { detail: 'pdf:Encrypt' }));
  }
  const walk: Walk = { file, findings: new Set(), waiting: [], seen: new Map() };
  for (const trailer of file.trailers) visitTrailer(walk, trailer);
  if (!file.trailers.some(({ entries }) => versionsOf(file, entries.get('Root')).some(isCatalog)))
    throw damaged('catalog');
  await visitAll(walk, budget);
  // Also what nothing leads to: a reader could be led there in a way that we do not know.
  for (const number of file.objects.keys()) {
    if (!walk.seen.has(number)) wait(walk, { kind: 'reference', number, generation: 0 }, 'object');
  }
  await visitAll(walk, budget);
  return walk.findings;
}

interface Walk {
  readonly file: PdfFile;
  readonly findings: Set<PdfFinding>;
  readonly waiting: { readonly value: PdfValue; readonly role: Role }[];
  /** Roles in which an object has been seen, by number: circles end here. */
  readonly seen: Map<number, Set<Role>>;
}

function visitTrailer(walk: Walk, { entries }: PdfDictionary): void {
  wait(walk, entries.get('Root'), 'object');
  wait(walk, entries.get('Info'), 'names');
  const info = versionsOf(walk.file, entries.get('Info')).filter(isDictionary);
  if (info.some((version) => describingKeys.some((key) => hasText(walk.file, version.entries.get(key))))) {
    walk.findings.add('pdf.metadata');
  }
}

async function visitAll(walk: Walk, budget: Budget): Promise<void> {
  for (let next = walk.waiting.pop(); next !== undefined; next = walk.waiting.pop()) {
    budget.steps += 1;
    visit(walk, next.value, next.role);
    await breathe(budget);
  }
}

function visit(walk: Walk, value: PdfValue, role: Role): void {
  if (isReference(value)) {
    const roles = walk.seen.get(value.number) ?? new Set();
    walk.seen.set(value.number, roles);
    if (roles.has(role)) return;
    roles.add(role);
    for (const version of walk.file.objects.get(value.number) ?? []) wait(walk, version, role);
  } else if (isDictionary(value)) visitDictionary(walk, value, role);
  else if (isArray(value)) {
    // An array that opens is a destination in the document (§12.3.2).
    for (const item of value) wait(walk, item, 'object');
  } else if (role === 'openAction' && value !== null) throw active('OpenAction');
}

function visitDictionary(walk: Walk, dictionary: PdfDictionary, role: Role): void {
  const { entries, data } = dictionary;
  if (role === 'openAction') checkOpenAction(walk, dictionary);
  // A stream's keys always mean what they say.
  const chosen = data === null && role === 'names';
  if (!chosen) checkKeys(walk, dictionary);
  for (const [key, value] of entries) {
    if (data === null && role === 'appearance') wait(walk, value, 'names');
    else wait(walk, value, chosen ? 'object' : roleOf(key));
  }
}

function roleOf(key: string): Role {
  if (key === 'OpenAction') return 'openAction';
  if (key === 'AP') return 'appearance';
  return keysOfNames.has(key) ? 'names' : 'object';
}

function checkKeys({ file, findings }: Walk, { entries, data }: PdfDictionary): void {
  for (const [key, value] of entries) {
    if (forbiddenKeys.has(key) && value !== null) throw active(key);
  }
  // §7.3.8.2: the content of such a stream is another file.
  if (data !== null && entries.has('F')) throw active('external file');
  for (const key of namingKeys) {
    for (const name of versionsOf(file, entries.get(key))) {
      if (typeof name === 'string' && forbiddenNames.has(name)) throw active(name);
    }
  }
  if (isSignature(file, entries)) findings.add('pdf.signed');
  if (entries.has('Metadata')) findings.add('pdf.metadata');
}

/** §12.7.5.5: a signature field that has a value, or the value itself. */
function isSignature(file: PdfFile, entries: PdfDictionary['entries']): boolean {
  if (entries.has('ByteRange') && entries.has('Contents')) return true;
  return entries.has('V') && versionsOf(file, entries.get('FT')).includes('Sig');
}

/** Going to a page is the one thing that a document may do when it is opened. */
function checkOpenAction({ file }: Walk, { entries }: PdfDictionary): void {
  const types = versionsOf(file, entries.get('S'));
  const [type] = types;
  if (types.length === 0 || types.some((name) => name !== 'GoTo')) {
    throw active(typeof type === 'string' ? `OpenAction ${type}` : 'OpenAction');
  }
  if (entries.has('Next')) throw active('OpenAction Next');
}

function isCatalog(value: PdfValue): boolean {
  return isDictionary(value) && value.entries.has('Pages');
}

function hasText(file: PdfFile, value: PdfValue | undefined): boolean {
  return versionsOf(file, value).some((version) => {
    return (
      typeof version === 'object' && version !== null && 'kind' in version && version.kind === 'text' && !version.empty
    );
  });
}

/** A value, or everything that a reference may stand for; references to references are not allowed to matter. */
function versionsOf(file: PdfFile, value: PdfValue | undefined): readonly PdfValue[] {
  if (value === undefined || value === null) return [];
  return isReference(value) ? (file.objects.get(value.number) ?? []) : [value];
}

function wait({ waiting }: Walk, value: PdfValue | undefined, role: Role): void {
  // Numbers and names alone do nothing, save as something to open.
  if (value === undefined || value === null) return;
  if (typeof value === 'object' || role === 'openAction') waiting.push({ value, role });
}

function active(what: string): PdfRefused {
  // Keys and types of the standard, never a text of the file.
  return new PdfRefused(fault('document.active-content', { params: { what }, detail: `pdf:${what}` }));
}
