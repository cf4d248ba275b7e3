import { PDFDocument } from 'pdf-lib';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { type CertificateStatement, certificateStatement, statementFile } from '../../records/certificate-statement.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { borrowObject } from './borrow-object.ts';
import type { CertificateRow } from './store.ts';

/**
 * What an issued certificate says, from its own file: the register may say something else by now. Policy has let the reader
 * through before. Outside any transaction. Faults: document.unreadable
 */
export async function readStatement(
  gateway: Pick<Gateway, 'database' | 'locker'>,
  row: Pick<CertificateRow, 'objectId'>,
): Promise<Result<CertificateStatement>> {
  const readable = await borrowObject(gateway, row);
  if (readable === null) return refuse(fault('document.unreadable', { detail: 'no-key' }));
  const opened = await gateway.locker.openDocument(readable);
  if (!opened.ok) return opened;
  const pieces: Uint8Array[] = [];
  for await (const piece of opened.value) pieces.push(piece);
  const document = await PDFDocument.load(Buffer.concat(pieces), { updateMetadata: false });
  const file = document.getAttachments().find(({ name }) => name === statementFile);
  if (file === undefined) throw new Error('an issued certificate without its statement');
  return ok(certificateStatement.parse(JSON.parse(new TextDecoder().decode(file.data))));
}
