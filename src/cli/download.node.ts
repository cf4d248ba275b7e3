import { join } from 'node:path';
import { type Case, type CaseDocument, caseShape } from './api-shapes.ts';
import { oneOf, readArguments } from './arguments.ts';
import { casePath } from './case-path.ts';
import type { Cli, CommandResult, Progress } from './cli.ts';
import { CliError, notChecked, usageError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { bytesText } from './format.ts';
import { type GatewayClient, openGateway } from './gateway-client.node.ts';
import { type WrittenFile, writeWholeFile } from './whole-file.node.ts';

const visibilities = ['records', 'health'] as const;
const endings: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/json': 'json',
  'image/jpeg': 'jpg',
  'image/png': 'png',
};

/** Fetches containers and documents; each file is whole, with the digest that was sealed, or not there. */
export async function download(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values, positionals } = readArguments(args, {
    options: {
      container: { type: 'string', multiple: true },
      document: { type: 'string', multiple: true },
      all: { type: 'boolean' },
      out: { type: 'string' },
    },
    operands: [1, 1],
  });
  const asked = { containers: values.container ?? [], documents: values.document ?? [], all: values.all === true };
  if (!asked.all && asked.containers.length + asked.documents.length === 0) throw usageError('usage.download');
  const containers = asked.containers.map((one) => oneOf('--container', one, visibilities));
  const gateway = await openGateway(cli, values.profile);
  const one = caseShape.parse(await gateway.get(casePath(positionals[0])));
  const readable = one.documents.filter((document) => document.readable);
  const context = { cli, gateway, one, folder: values.out ?? '.' };
  const files: WrittenFile[] = [];
  const wanted = asked.all ? visibilities.filter((name) => isWhole(one, name)) : containers;
  for (const visibility of wanted) files.push(await downloadContainer(context, visibility));
  for (const document of asked.all ? readable : asked.documents.map((id) => findDocument(one, id))) {
    files.push(await downloadDocument(context, document));
  }
  const lines = files.map(({ path, bytes, sha256 }) => `${sha256}  ${path}  (${bytesText(bytes)})`);
  return { exit: exitCodes.ok, value: { files }, lines };
}

interface Download {
  readonly cli: Cli;
  readonly gateway: GatewayClient;
  readonly one: Case;
  readonly folder: string;
}

/** A container holds all documents of its visibility: somebody who may not read one of them does not get it. */
function isWhole(one: Case, visibility: (typeof visibilities)[number]): boolean {
  const inside = one.documents.filter((document) => document.visibility === visibility);
  return inside.length > 0 && inside.every((document) => document.readable);
}

function findDocument(one: Case, id: string): CaseDocument {
  const found = one.documents.find((document) => document.id === id);
  if (found === undefined) throw usageError('usage.noDocument', { id });
  return found;
}

async function downloadContainer(
  { cli, gateway, one, folder }: Download,
  visibility: (typeof visibilities)[number],
): Promise<WrittenFile> {
  const name = `${one.id.slice(0, 8)}-${visibility}.asice`;
  const answer = await gateway.download(casePath(one.id, 'containers', visibility));
  return writeAnswer(cli, { answer, path: join(folder, name), sha256: null });
}

async function downloadDocument({ cli, gateway, one, folder }: Download, document: CaseDocument): Promise<WrittenFile> {
  const ending = endings[document.mediaType] ?? 'bin';
  // The title is the sender's word and never becomes a path.
  const position = String(one.documents.indexOf(document) + 1).padStart(2, '0');
  const name = `${one.id.slice(0, 8)}-${position}-${document.kind}.${ending}`;
  const answer = await gateway.download(casePath(one.id, 'documents', document.id, 'content'));
  return writeAnswer(cli, { answer, path: join(folder, name), sha256: document.sha256 });
}

async function writeAnswer(
  cli: Cli,
  { answer, path, sha256 }: { readonly answer: Response; readonly path: string; readonly sha256: string | null },
): Promise<WrittenFile> {
  const length = answer.headers.get('content-length');
  const progress = cli.progress(path, length === null ? null : Number(length));
  try {
    return await writeWholeFile(path, pieces(answer, progress, path), (written) => {
      const isShort = length !== null && Number(length) !== written.bytes;
      if (isShort) throw notChecked('download.cut', { path });
      if (sha256 !== null && written.sha256 !== sha256)
        throw new CliError(exitCodes.failed, 'download.digest', { path });
    });
  } finally {
    progress.end();
  }
}

async function* pieces(answer: Response, progress: Progress, path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of answer.body ?? []) {
      progress.add(piece.length);
      yield piece;
    }
  } catch (cause) {
    // The gateway breaks a stream off rather than end it with a wrong byte.
    if (cause instanceof TypeError) throw notChecked('download.cut', { path });
    throw cause;
  }
}
