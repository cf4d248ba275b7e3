import { basename } from 'node:path';
import { type Case, type CaseDocument, caseShape, documentShape } from './api-shapes.ts';
import { casePath } from './case-path.ts';
import type { Cli } from './cli.ts';
import { GatewayRefusal } from './cli-error.ts';
import { type DocumentOperand, formOf } from './document-operand.ts';
import type { GatewayClient } from './gateway-client.node.ts';
import { countedPieces, digestFile, type LocalFile } from './local-file.node.ts';
import { cliTextOr } from './text.ts';

/**
 * Brings one document into a case. What is there already, by kind, form and digest, is not sent again; what was announced
 * and never arrived is continued: so a broken `send` is simply repeated with `--case`.
 */
export async function uploadDocument(
  cli: Cli,
  gateway: GatewayClient,
  { of, operand }: { readonly of: Case; readonly operand: DocumentOperand },
): Promise<void> {
  const file = await digestFile(operand.path);
  const form = formOf(operand, of.kind);
  const title = operand.title ?? cliTextOr('ja', `kind.${operand.kind}`, operand.kind);
  const same = of.documents.filter((document) => document.kind === operand.kind && document.form === form);
  if (same.some((document) => document.sha256 === file.sha256)) return;
  const waiting = same.find((document) => document.state === 'uploading' && document.title === title);
  const target = waiting ?? (await announce(gateway, of, { ...operand, form, title }));
  await sendBytes(cli, gateway, { of, target, file, mediaType: operand.mediaType });
}

async function announce(
  gateway: GatewayClient,
  of: Case,
  { kind, form, title, mediaType }: Omit<DocumentOperand, 'path'>,
): Promise<CaseDocument> {
  return documentShape.parse(await gateway.post(casePath(of.id, 'documents'), { kind, form, title, mediaType }));
}

async function sendBytes(
  cli: Cli,
  gateway: GatewayClient,
  { of, target, file, mediaType }: { of: Case; target: CaseDocument; file: LocalFile; mediaType: string },
): Promise<void> {
  const progress = cli.progress(basename(file.path), file.bytes);
  try {
    await gateway.upload(casePath(of.id, 'documents', target.id, 'content'), {
      mediaType,
      bytes: file.bytes,
      sha256: file.sha256,
      source: () => countedPieces(file.path, progress),
    });
  } catch (error) {
    if (!(error instanceof GatewayRefusal) || !(await hasArrived(gateway, { of, target, file }))) throw error;
  } finally {
    progress.end();
  }
}

/** An answer may be lost after its upload was whole: the second try is then refused, though all is well. */
async function hasArrived(
  gateway: GatewayClient,
  { of, target, file }: { of: Case; target: CaseDocument; file: LocalFile },
): Promise<boolean> {
  const now = caseShape.parse(await gateway.get(casePath(of.id)));
  return now.documents.some(({ id, state, sha256 }) => id === target.id && state === 'ready' && sha256 === file.sha256);
}
