import { PDFDocument } from 'pdf-lib';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { type CertificateStatement, certificateStatement, statementFile } from '../../records/certificate-statement.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { sha256Hex } from '../../transfers/ids.ts';
import { borrowObject } from '../issue/borrow-object.ts';
import type { CertificateRow } from '../issue/store.ts';

const maxBytes = 8 * 1024 * 1024;

/**
 * What a certificate says, out of the very file that was issued: a credential can say nothing else. Outside any transaction.
 * Faults: document.unreadable. @throws {KeyServiceUnavailable} {ObjectStoreError}
 */
export async function readStatement(
  gateway: Pick<Gateway, 'database' | 'locker'>,
  row: Pick<CertificateRow, 'objectId' | 'sha256' | 'number'>,
): Promise<Result<CertificateStatement>> {
  const readable = await borrowObject(gateway, row);
  if (readable === null || readable.bytes > maxBytes) return refuse(unreadable('no-key'));
  const opened = await gateway.locker.openDocument(readable);
  if (!opened.ok) return opened;
  const pieces: Uint8Array[] = [];
  for await (const piece of opened.value) pieces.push(piece);
  const pdf = Buffer.concat(pieces);
  if ((await sha256Hex(pdf)) !== row.sha256) return refuse(unreadable('digest'));
  const statement = await statementIn(pdf);
  return statement?.number === row.number ? ok(statement) : refuse(unreadable('statement'));
}

async function statementIn(pdf: Uint8Array): Promise<CertificateStatement | null> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false });
  const [attached, ...others] = document.getAttachments().filter(({ name }) => name === statementFile);
  if (attached === undefined || others.length > 0) return null;
  const parsed = certificateStatement.safeParse(JSON.parse(new TextDecoder().decode(attached.data)));
  return parsed.success ? parsed.data : null;
}

function unreadable(detail: string) {
  return fault('document.unreadable', { detail });
}
