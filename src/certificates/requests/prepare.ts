import { canonicalJson } from '../../crypto/jcs.ts';
import type { Transaction } from '../../database/connection.ts';
import { findSchool, type SchoolView } from '../../directory/find-organisation.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { dayInJapan } from '../../identity/rules.ts';
import { type IssuedKind, inabilityKind } from '../../records/certificate-kinds.ts';
import type { CertificateStatement } from '../../records/certificate-statement.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { sha256Hex } from '../../transfers/ids.ts';
import { checkCharacters } from '../drawing/check-characters.ts';
import { composeCertificate } from '../drawing/compose.ts';
import { findEntry, findEntryOfPupil } from '../register-store.ts';
import { certifiable } from '../rules.ts';
import { type ClosedEntry, openEntry, withKeys } from '../sealed-entries.ts';
import { statementOf } from '../statement.ts';
import { findPublished, type TemplateRow } from '../template-store.ts';
import type { RequestRow } from './store.ts';

/** What a certificate is made from, found inside a transaction and opened outside. */
export interface Material {
  readonly row: RequestRow;
  readonly closed: ClosedEntry;
  readonly templates: readonly TemplateRow[];
  readonly school: SchoolView;
  /** The closed school that was attended, where its successor certifies. */
  readonly formerSchool: SchoolView | null;
}

/** What is certified, before it has number and day of its own. */
export interface Prepared {
  readonly entryId: string;
  readonly template: TemplateRow;
  readonly statement: CertificateStatement;
  /** Of the statement without what only the issue gives it. */
  readonly digest: string;
}

/** Faults: certificate.entry-missing, certificate.school-closed */
export async function findMaterial(
  tx: Transaction,
  gateway: Pick<Gateway, 'locker'>,
  row: RequestRow,
): Promise<Result<Material>> {
  const { schoolCode, originCode, pupilId, entryId, kind } = row;
  const keeper = originCode ?? schoolCode;
  const entry =
    entryId === null
      ? pupilId === null
        ? null
        : await findEntryOfPupil(tx, keeper, pupilId)
      : await findEntry(tx, entryId);
  const [closed] = entry?.schoolCode === keeper ? await withKeys(tx, gateway, [entry]) : [];
  if (closed === undefined) return refuse(fault('certificate.entry-missing'));
  const kinds: readonly IssuedKind[] = [kind, inabilityKind];
  const templates = await Promise.all(kinds.map((one) => findPublished(tx, schoolCode, one)));
  const school = await findSchool(tx, schoolCode);
  if (school === null) throw new Error('a request at a school that is none');
  // After its end nothing is issued in the name of a school.
  if (school.state === 'closed') return refuse(fault('certificate.school-closed'));
  const formerSchool = originCode === null ? null : await findSchool(tx, originCode);
  return ok({ row, closed, templates: templates.filter((one) => one !== null), school, formerSchool });
}

/**
 * Whether it can be certified today, in words and characters, and what it would say. Outside any transaction: the key
 * service may be asked. Faults: certificate.not-certifiable, certificate.template-missing,
 * certificate.name-english-missing, certificate.character-missing
 */
export async function prepare(
  gateway: Pick<Gateway, 'locker' | 'clock' | 'certificateFont'>,
  { row, closed, templates, school, formerSchool }: Material,
): Promise<Result<Prepared>> {
  const { facts } = await openEntry(gateway, closed);
  const today = dayInJapan(gateway.clock.now());
  const answer = certifiable(row.kind, facts, today);
  if (!answer.can) return refuse(fault('certificate.not-certifiable', { detail: answer.reason }));
  const template = templates.find(({ kind }) => kind === answer.kind);
  if (template === undefined) return refuse(fault('certificate.template-missing'));
  if (row.language === 'en' && facts.nameEnglish === null) return refuse(fault('certificate.name-english-missing'));
  const statement = statementOf(answer, {
    ...notYet,
    asked: row.kind,
    language: row.language,
    issuedOn: today,
    assurance: row.assurance,
    school: namesOf(school),
    ...(formerSchool === null ? {} : { successorOf: namesOf(formerSchool) }),
    facts,
    wording: template.wording,
  });
  const { coverage } = await gateway.certificateFont();
  const drawn = checkCharacters(composeCertificate(statement), { coverage, locale: row.language });
  if (!drawn.ok) return refuse(fault('certificate.character-missing', { params: { ...drawn.fault } }));
  const content = { ...statement, ...notYet, issuedOn: null };
  return ok({ entryId: closed.row.id, template, statement, digest: await sha256Hex(canonicalJson(content)) });
}

function namesOf({ code, name, nameEnglish }: SchoolView) {
  return { code, name, nameEnglish };
}

/** What only the issue knows. */
const notYet = { number: '—', copy: { number: 1, of: 1 }, verifyAt: 'https://localhost/' };
