import { createHash } from 'node:crypto';
import { type AsicContainer, type AsicReason, asicLimits, readAsic } from './asic.ts';
import { type AsicReference, parseAsicManifest } from './asic-manifest.ts';
import type { ZipLimits } from './asic-zip-read.ts';
import { type CadesReason, type CadesTrust, type CadesVerdict, verifyCades } from './cms.ts';

export type ContainerReason =
  | AsicReason
  | 'manifest-malformed'
  | 'signature-missing'
  | 'signature-shared'
  | 'meta-unlisted'
  | 'file-unlisted'
  | 'file-missing'
  | 'file-listed-twice'
  | 'file-mismatch';

export interface AsicFileVerdict {
  readonly name: string;
  readonly bytes: number;
  /** Of what is in the container; null when it is listed but missing. Hexadecimal. */
  readonly sha256: string | null;
  readonly mediaType: string | null;
  readonly status: 'valid' | 'mismatch' | 'missing' | 'unlisted' | 'listedTwice';
}

/** Separate answers: the container, each file, each signature. `reasons` is empty when all of it holds. */
export interface AsicVerdict {
  readonly structure: 'valid' | 'invalid';
  readonly files: readonly AsicFileVerdict[];
  readonly signatures: readonly { readonly manifest: string; readonly verdict: CadesVerdict }[];
  /** Null when the container could not be read. */
  readonly container: AsicContainer | null;
  readonly reasons: readonly (ContainerReason | CadesReason)[];
}

/** Verifies an ASiC-E container with CAdES: form, every file listed exactly once with its digest, every signature. */
export async function verifyAsic(
  input: CadesTrust & { readonly bytes: Uint8Array; readonly limits?: ZipLimits },
): Promise<AsicVerdict> {
  const container = readAsic(input.bytes, input.limits ?? asicLimits);
  const nothing = { files: [], signatures: [] };
  if (!container.ok) return { ...nothing, structure: 'invalid', container: null, reasons: [container.fault] };
  const { manifests, signatures: metaFiles } = container.value;
  const reasons: ContainerReason[] = [];
  const references: AsicReference[] = [];
  const used: string[] = [];
  const signatures: { readonly manifest: string; readonly verdict: CadesVerdict }[] = [];
  for (const manifest of manifests) {
    const parsed = parseAsicManifest(manifest.content);
    const signature = metaFiles.find(({ name }) => name === parsed?.signature);
    references.push(...(parsed?.references ?? []));
    if (parsed === null) reasons.push('manifest-malformed');
    else if (signature === undefined) reasons.push('signature-missing');
    else {
      used.push(signature.name);
      const verdict = await verifyCades({ ...input, cms: signature.content, content: manifest.content });
      signatures.push({ manifest: manifest.name, verdict });
    }
  }
  if (new Set(used).size !== used.length) reasons.push('signature-shared');
  if (metaFiles.some(({ name }) => !used.includes(name))) reasons.push('meta-unlisted');
  const files = judgeFiles(container.value, references);
  reasons.push(...files.flatMap(({ status }) => fileReasons[status]));
  return {
    structure: reasons.length === 0 ? 'valid' : 'invalid',
    files,
    signatures,
    container: container.value,
    reasons: [...new Set([...reasons, ...signatures.flatMap(({ verdict }) => verdict.reasons)])],
  };
}

const fileReasons: Readonly<Record<AsicFileVerdict['status'], readonly ContainerReason[]>> = {
  valid: [],
  mismatch: ['file-mismatch'],
  missing: ['file-missing'],
  unlisted: ['file-unlisted'],
  listedTwice: ['file-listed-twice'],
};

function judgeFiles({ files }: AsicContainer, references: readonly AsicReference[]): readonly AsicFileVerdict[] {
  const present = files.map(({ name, content }): AsicFileVerdict => {
    const [reference, ...others] = references.filter((candidate) => candidate.name === name);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const facts = { name, bytes: content.length, sha256, mediaType: reference?.mediaType ?? null };
    if (reference === undefined) return { ...facts, status: 'unlisted' };
    if (others.length > 0) return { ...facts, status: 'listedTwice' };
    return { ...facts, status: reference.sha256 === sha256 ? 'valid' : 'mismatch' };
  });
  const missing = references
    .filter(({ name }) => !files.some((file) => file.name === name))
    .map(({ name, mediaType }): AsicFileVerdict => ({ name, mediaType, bytes: 0, sha256: null, status: 'missing' }));
  return [...present, ...missing];
}
