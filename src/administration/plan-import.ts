import type { InvitationRow } from '../directory/invitations.ts';
import type { AccountRow, MemberRow, Term } from '../directory/members.ts';
import type { FaultCode } from '../faults.ts';
import { type Role, roles } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { roleJa } from '../web/locales/ja/role.ts';
import type { MemberChange } from './proposed-acts.ts';
import { afterChange, type Changer, checkChange, type Present } from './rules.ts';

const maxImportLines = 500;

/** What is wrong with a line: a slip of its own, or the refusal that the same change would meet on the page. */
export const lineFaults = ['columns', 'account', 'name', 'nameDiffers', 'role', 'from', 'to'] as const;
export type LineFault = (typeof lineFaults)[number] | FaultCode;

export interface PlannedLine {
  readonly line: number;
  /** As typed, to be found again. */
  readonly account: string;
  readonly name: string;
  /** What would come of it; null when it is wrong, or already as it says. */
  readonly change: MemberChange | null;
  readonly faults: readonly LineFault[];
}

/** What the file is held against. */
export interface ImportGround {
  readonly present: Present;
  readonly accounts: readonly AccountRow[];
  readonly invitations: readonly InvitationRow[];
  readonly by: Changer;
}

const columns = ['account', 'name', 'role', 'homeroom', 'from', 'to'] as const;
type Column = (typeof columns)[number];
export const csvHeader = ['アカウント', '氏名', '役割', '学級', '開始日', '終了日'] as const;

type Cells = Readonly<Record<Column, string>>;
type Line = { readonly line: number; readonly fields: readonly string[] };

/**
 * What an import would change, line by line; nothing is done. Pure. A line that is already as it says changes nothing, so
 * the same file twice is one import.
 *
 * @returns `header` when the first record does not name the columns, `long` when there are too many lines
 */
export function planImport(
  records: readonly Line[],
  ground: ImportGround,
): Result<readonly PlannedLine[], 'header' | 'long'> {
  const [header, ...lines] = records;
  const places = header === undefined ? null : placesOf(header.fields);
  if (places === null) return refuse('header');
  if (lines.length > maxImportLines) return refuse('long');
  let { present } = ground;
  const planned = lines.map((line) => {
    const one = planLine(line, places, { ...ground, present });
    if (one.change !== null) present = { ...present, members: afterChange(one.change, present, `line-${line.line}`) };
    return one;
  });
  return ok(planned);
}

function placesOf(fields: readonly string[]): ReadonlyMap<Column, number> | null {
  const names = fields.map((field) => field.trim().toLowerCase());
  const places = columns.map((column, index) => {
    const at = names.findIndex((name) => name === column || name === csvHeader[index]);
    return [column, at] as const;
  });
  return places.every(([, at]) => at >= 0) ? new Map(places) : null;
}

function planLine(line: Line, places: ReadonlyMap<Column, number>, ground: ImportGround): PlannedLine {
  const cell = (column: Column) => (line.fields[places.get(column) ?? -1] ?? '').trim();
  const cells: Cells = {
    account: cell('account'),
    name: cell('name'),
    role: cell('role'),
    homeroom: cell('homeroom'),
    from: cell('from'),
    to: cell('to'),
  };
  const shown = { line: line.line, account: cells.account, name: cells.name };
  const wrong = (faults: readonly LineFault[]) => ({ ...shown, change: null, faults });
  if (line.fields.length !== places.size) return wrong(['columns']);
  const parsed = parseLine(cells, ground);
  if (!parsed.ok) return wrong(parsed.fault);
  const change = parsed.value;
  if (change === null) return wrong([]);
  const checked = checkChange(change, ground.present, ground.by);
  return checked.ok ? { ...shown, change, faults: [] } : wrong([checked.fault.code]);
}

/** The change that a line asks for; null when it asks for what is so already. */
function parseLine(cells: Cells, ground: ImportGround): Result<MemberChange | null, readonly LineFault[]> {
  const account = ground.accounts.find((one) => one.account === cells.account);
  const role = roleOf(cells.role);
  const validFrom = dayOf(cells.from);
  const validTo = cells.to === '' ? null : dayOf(cells.to);
  const faults: LineFault[] = [
    ...(cells.account !== '' && account === undefined ? ['account' as const] : []),
    ...(isName(cells.name) ? [] : ['name' as const]),
    ...(account !== undefined && !sameName(account.name, cells.name) ? ['nameDiffers' as const] : []),
    ...(role === null ? ['role' as const] : []),
    ...(validFrom === null ? ['from' as const] : []),
    ...(cells.to !== '' && validTo === null ? ['to' as const] : []),
  ];
  if (faults.length > 0 || role === null || validFrom === null) return refuse(faults);
  const term: Term = { role, homeroom: cells.homeroom === '' ? null : cells.homeroom, validFrom, validTo };
  return ok(account === undefined ? invitationFor(cells.name, term, ground) : changeFor(account, term, ground));
}

function changeFor(account: AccountRow, term: Term, { present }: ImportGround): MemberChange | null {
  const { id: staffId, name } = account;
  const before = present.members.find(
    (one) => one.staffId === staffId && one.role === term.role && one.validFrom === term.validFrom,
  );
  if (before === undefined) return { act: 'grant', staffId, name, ...term };
  return isSame(before, term) ? null : { act: 'change', membershipId: before.id, name, ...term };
}

/** Without an account: an invitation, unless it waits already or was taken. */
function invitationFor(name: string, term: Term, { present, invitations }: ImportGround): MemberChange | null {
  const isThis = (one: Term & { readonly name: string }) => sameName(one.name, name) && one.role === term.role;
  const known: readonly (Term & { readonly name: string })[] = [...present.members, ...invitations];
  return known.some((one) => isThis(one) && isSame(one, term)) ? null : { act: 'invite', name, ...term };
}

function isSame(one: Term | MemberRow, two: Term): boolean {
  return one.homeroom === two.homeroom && one.validFrom === two.validFrom && one.validTo === two.validTo;
}

function roleOf(text: string): Role | null {
  const plain = text.normalize('NFKC');
  if (plain === '担任') return 'homeroomTeacher';
  return roles.find((role) => role === plain || roleJa[`role.${role}`] === plain) ?? null;
}

/** 2027-04-01, 2027/4/1 or 2027年4月1日; null when there is no such day. */
function dayOf(text: string): string | null {
  const parts = /^(\d{4})(?:-|\/|\.|年)(\d{1,2})(?:-|\/|\.|月)(\d{1,2})日?$/.exec(text.normalize('NFKC'));
  if (parts === null) return null;
  const day = `${parts[1]}-${parts[2]?.padStart(2, '0')}-${parts[3]?.padStart(2, '0')}`;
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day) ? day : null;
}

function isName(text: string): boolean {
  return /^\P{Cc}{1,100}$/u.test(text);
}

/** Blanks and widths of a name differ from list to list. */
function sameName(one: string, two: string): boolean {
  const plain = (text: string) => text.normalize('NFKC').replace(/\s/g, '');
  return plain(one) === plain(two);
}
