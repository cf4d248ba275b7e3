import { z } from 'zod';
import { signCades } from '../crypto/cms/sign-cades.ts';
import { sealJws } from '../crypto/sealed-jws.ts';
import type { Signer } from '../crypto/signer.ts';
import { type Manifest, manifestType, parseManifest } from '../records/manifest.ts';
import { caseShape } from './api-shapes.ts';
import { readArguments } from './arguments.ts';
import { caseLines } from './case-lines.ts';
import { casePath } from './case-path.ts';
import type { Cli, CommandResult } from './cli.ts';
import { CliError, usageError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { type GatewayClient, openGateway } from './gateway-client.node.ts';
import { digestFile } from './local-file.node.ts';
import { readSealKey } from './seal-key.node.ts';

const inputShape = z.object({ payload: z.base64() });
const stampedShape = z.object({
  manifest: z.looseObject({}),
  containers: z.array(z.object({ visibility: z.string(), manifestXml: z.base64() })),
});

/**
 * Seals an approved package with the school's own key, which never leaves this machine. What is signed is looked at
 * first: it must list exactly these files, and the school whose digits were typed.
 */
export async function seal(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const options = { key: { type: 'string' }, certificates: { type: 'string' }, confirm: { type: 'string' } } as const;
  const { values, positionals } = readArguments(args, { options, operands: [2, 65] });
  const { key, certificates, confirm } = values;
  if (key === undefined || certificates === undefined) throw usageError('usage.seal');
  if (confirm === undefined) throw usageError('usage.confirm');
  const [caseId, ...files] = positionals;
  const signer = await readSealKey(key, certificates);
  const gateway = await openGateway(cli, values.profile);
  const { payload } = inputShape.parse(await gateway.get(casePath(caseId, 'seal-input')));
  const bytes = new Uint8Array(Buffer.from(payload, 'base64'));
  await compare(parseManifest(bytes), { caseId: caseId ?? '', confirm, files });
  const sealed = await sealJws({ payload: bytes, typ: manifestType, signer, timestamps: null, iat: cli.clock.now() });
  if (!sealed.ok) throw new Error('a seal without a time stamp cannot fail for one');
  const stamped = stampedShape.parse(await gateway.post(casePath(caseId, 'seal-input'), { manifest: sealed.value }));
  const body = { confirmation: confirm, manifest: stamped.manifest, containers: await signAll(stamped, signer) };
  const done = caseShape.parse(await deliver(gateway, caseId, body));
  return { exit: exitCodes.ok, value: done, lines: caseLines(done, cli.locale) };
}

function deliver(gateway: GatewayClient, caseId: string | undefined, body: unknown): Promise<unknown> {
  return gateway.put(casePath(caseId, 'seal'), body);
}

/** Nothing is signed that was not looked at: case, school, and every document by its own bytes. */
async function compare(
  manifest: Manifest | null,
  given: { readonly caseId: string; readonly confirm: string; readonly files: readonly string[] },
): Promise<void> {
  const { caseId, confirm, files } = given;
  const differs = (what: string) => new CliError(exitCodes.failed, 'seal.differs', { what });
  if (manifest?.case !== caseId) throw differs('case');
  if (confirm.length < 4 || !manifest.recipient.endsWith(confirm)) throw differs(manifest.recipient);
  const own = new Set((await Promise.all(files.map(digestFile))).map(({ sha256 }) => sha256));
  const foreign = manifest.documents.find(({ sha256 }) => !own.has(sha256));
  if (foreign !== undefined) throw differs(foreign.title);
  if (own.size > new Set(manifest.documents.map(({ sha256 }) => sha256)).size) throw differs(files.join(' '));
}

async function signAll({ containers }: z.output<typeof stampedShape>, signer: Signer) {
  return Promise.all(
    containers.map(async ({ visibility, manifestXml }) => {
      const content = new Uint8Array(Buffer.from(manifestXml, 'base64'));
      const signature = await signCades({ content, signer, timestamps: null });
      if (!signature.ok) throw new Error('a signature without a time stamp cannot fail for one');
      return { visibility, signature: Buffer.from(signature.value).toString('base64') };
    }),
  );
}
