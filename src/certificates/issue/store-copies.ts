import type { Signer } from '../../crypto/signer.ts';
import type { Transaction } from '../../database/connection.ts';
import { type ActorScope, systemScope } from '../../database/scope.ts';
import type { Gateway } from '../../gateway.ts';
import { dayInJapan } from '../../identity/rules.ts';
import { newId } from '../../transfers/ids.ts';
import { certificatesJob, recordByGateway, tellPersons } from '../requests/record.ts';
import { changeRequest, findRequest, type RequestRow } from '../requests/store.ts';
import { schoolYearOf } from '../rules.ts';
import type { Approved } from './approve-by-rule.ts';
import { CopyNotMade, makeCopy } from './make-copy.ts';
import { type CertificateRow, insertCopy, listCopies, publishCopies, storeCopy, takeNumber } from './store.ts';
import { storePdf } from './store-pdf.ts';
import { supersede } from './supersede.ts';

/** Gives each copy its number and code, and the request a key that all of them are encrypted under; once. */
export async function reserveCopies(
  gateway: Pick<Gateway, 'database' | 'clock' | 'locker'>,
  { row, statement, template }: Approved,
): Promise<readonly CertificateRow[]> {
  const key = await gateway.locker.newCaseKey(row.schoolCode);
  return gateway.database.transaction(scopeOf(row), async (tx) => {
    // Under the lock of the row: of two runs at once the second finds what the first has reserved.
    if (!(await lockApproved(tx, row))) return [];
    const reserved = await listCopies(tx, row.id);
    if (reserved.length > 0) return reserved;
    if ((await gateway.locker.findCaseKey(tx, row.id, row.schoolCode)) === null) await key.store(tx, row.id);
    const issuedOn = dayInJapan(gateway.clock.now());
    const year = schoolYearOf(issuedOn);
    for (let copyNumber = 1; copyNumber <= row.copies; copyNumber += 1) {
      const number = String(await takeNumber(tx, row.schoolCode, year)).padStart(6, '0');
      await insertCopy(tx, {
        id: newId(),
        requestId: row.id,
        schoolCode: row.schoolCode,
        pupilId: row.pupilId,
        personId: row.personId,
        number: `${year}-${number}`,
        copyNumber,
        copyOf: row.copies,
        kind: statement.kind,
        language: row.language,
        templateId: template.id,
        code: newCode(),
        issuedOn,
        state: 'issuing',
      });
    }
    return listCopies(tx, row.id);
  });
}

/** Makes each copy that is not there yet, and puts it into the locker. @throws {CopyNotMade} {ObjectStoreError} {KeyServiceUnavailable} */
export async function storeCopies(
  gateway: Gateway,
  of: Approved & { readonly copies: readonly CertificateRow[]; readonly signer: Signer },
): Promise<void> {
  for (const copy of of.copies.filter(({ objectId }) => objectId === null)) await storeOne(gateway, of, copy);
}

async function storeOne(
  gateway: Gateway,
  { row, statement, template, signer }: Approved & { readonly signer: Signer },
  copy: CertificateRow,
): Promise<void> {
  const { pdf, level } = await makeCopy(gateway, {
    statement: {
      ...statement,
      number: copy.number,
      copy: { number: copy.copyNumber, of: copy.copyOf },
      issuedOn: copy.issuedOn,
      verifyAt: `${gateway.settings.PUBLIC_ORIGIN}/c/${copy.code}`,
    },
    sealImage: template.sealImage,
    signer,
  });
  const scope = scopeOf(row);
  const stored = await storePdf(gateway, { scope, requestId: row.id, schoolCode: row.schoolCode, pdf });
  const { objectId, sha256 } = stored;
  await gateway.database.transaction(scope, async (tx) => {
    // Another run was faster: this object stays unfinished, and the collector takes it away.
    if (await storeCopy(tx, copy.id, { objectId, sha256, level })) await gateway.locker.markStored(tx, stored);
  });
}

/** All copies at once become valid, with the log entries and the mails; a second run finds nothing left to do. */
export async function finishIssue(
  gateway: Pick<Gateway, 'database' | 'clock' | 'sealDetail'>,
  row: RequestRow,
): Promise<void> {
  await gateway.database.transaction(scopeOf(row), async (tx) => {
    if (!(await lockApproved(tx, row))) return;
    const copies = await listCopies(tx, row.id);
    if (copies.length === 0 || copies.some(({ objectId }) => objectId === null)) throw new CopyNotMade('incomplete');
    const issuedAt = gateway.clock.now();
    await publishCopies(tx, copies, issuedAt);
    await changeRequest(tx, row, { state: 'issued', endedAt: issuedAt });
    await supersede(tx, gateway, { row, copies });
    for (const { id, number, sha256 } of copies) {
      const digest = sha256 === null ? {} : { digest: sha256 };
      await recordByGateway(tx, gateway, {
        name: 'certificate.issued',
        row,
        detail: { certificate: id, number },
        ...digest,
      });
    }
    await tellPersons(tx, row, 'certificate-issued');
  });
}

/** Whether it is still the approved request that was looked at; nobody else moves it until this transaction ends. */
async function lockApproved(tx: Transaction, row: RequestRow): Promise<boolean> {
  const found = await findRequest(tx, row.id, 'locked');
  return found?.state === 'approved' && found.version === row.version;
}

function scopeOf({ schoolCode }: RequestRow): ActorScope {
  return { ...systemScope(certificatesJob), school: schoolCode };
}

/** 80 random bits as 16 characters that are not mistaken for each other (RFC 4648 §6). */
function newCode(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => alphabet[byte & 31] ?? 'A').join('');
}
