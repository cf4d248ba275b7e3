import type { AsicContainer } from '../crypto/asic.ts';
import { type AsicVerdict, verifyAsic } from '../crypto/asic-verify.ts';
import { sealedManifestName } from '../records/container.ts';
import { containerName, documentsOf, type Manifest } from '../records/manifest.ts';
import { sealPurpose } from '../records/seal-purpose.ts';
import { judgeManifest } from './manifest.ts';
import { noPaper } from './paper.ts';
import { pdfSignature, verifyPdfFile } from './pdf.ts';
import { outcomeOf, type Report, type Verdict, verdict } from './report.ts';
import type { TrustMaterial } from './trust-material.ts';
import { issuerVerdict, timeVerdict } from './trust-verdicts.ts';

/** Verifies a container as a stranger would: its form, every file, the signature, and the sealed manifest inside. */
export async function verifyContainer(bytes: Uint8Array, trust: TrustMaterial): Promise<Report> {
  const asic = await verifyAsic({
    bytes,
    anchors: trust.seal,
    timestampAnchors: trust.time,
    revocation: trust.revocation,
    at: trust.at,
    purpose: sealPurpose,
  });
  const [signed, ...more] = asic.signatures.map((one) => one.verdict);
  const head = [structureVerdict(asic), digestsVerdict(asic)];
  if (signed === undefined || asic.container === null) {
    return { kind: 'container', verdicts: head, facts: {}, remarks: [] };
  }
  const manifest = await manifestOf(asic, trust);
  const isSigned = [signed, ...more].every(({ integrity }) => integrity === 'valid');
  return {
    kind: 'container',
    verdicts: [
      ...head,
      verdict('signature', isSigned ? 'valid' : 'invalid', { reasons: isSigned ? [] : signed.reasons }),
      // Ours has one signature; with more of them each issuer and time has its own line.
      ...[signed, ...more].flatMap((one) => [issuerVerdict(one.signer), timeVerdict(one.time)]),
      manifest.verdict,
    ],
    facts: {
      files: asic.files.map(({ name, bytes: size, sha256 }) => ({ name, bytes: size, sha256 })),
      ...manifest.facts,
    },
    remarks: await pdfRemarks(asic.container, trust),
  };
}

/** Signatures inside the documents are no part of the seal: what each is worth is told beside the verdict. */
async function pdfRemarks({ files }: AsicContainer, trust: TrustMaterial): Promise<readonly string[]> {
  const remarks: string[] = [];
  for (const { name, content } of files) {
    if (pdfSignature(content) === 'absent') continue;
    const { verdicts } = await verifyPdfFile(content, trust, noPaper);
    remarks.push(`pdf-signature-${outcomeOf(verdicts)}:${name}`);
  }
  return remarks;
}

function structureVerdict({ structure, container, reasons }: AsicVerdict): Verdict {
  const formReasons = reasons.filter((reason) =>
    /^(zip|asic|manifest|meta)-|^signature-(missing|shared)$/.test(reason),
  );
  if (container === null) return verdict('structure', 'invalid', { reasons });
  const isWhole = structure === 'valid' || formReasons.length === 0;
  return verdict('structure', isWhole ? 'valid' : 'invalid', { reasons: formReasons });
}

function digestsVerdict({ files, container }: AsicVerdict): Verdict {
  if (container === null) return verdict('digests', 'invalid', { reasons: ['container-unreadable'] });
  const wrong = files.filter(({ status }) => status !== 'valid');
  const about = `${files.length - wrong.length}/${files.length}`;
  const reasons = wrong.map(({ name, status }) => `file-${status}:${name}`);
  return verdict('digests', wrong.length === 0 && files.length > 0 ? 'valid' : 'invalid', { about, reasons });
}

interface Inner {
  readonly verdict: Verdict;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The sealed manifest must itself hold, be by the same signer, and list exactly the documents that lie beside it. */
async function manifestOf({ container, signatures, files }: AsicVerdict, trust: TrustMaterial): Promise<Inner> {
  const found = container?.files.find(({ name }) => name === sealedManifestName);
  if (found === undefined) {
    return { verdict: verdict('manifest', 'notChecked', { reasons: ['manifest-absent'] }), facts: {} };
  }
  const judged = await judgeManifest(found.content, trust);
  const signer = signatures[0]?.verdict.signer?.certificate.sha256;
  const reasons = [...judged.reasons];
  if (judged.signer !== signer) reasons.push('manifest-other-signer');
  if (judged.manifest !== null && !listsExactly(judged.manifest, files)) reasons.push('manifest-other-files');
  const word = judged.word === 'valid' && reasons.length > 0 ? 'invalid' : judged.word;
  return { verdict: verdict('manifest', word, { reasons }), facts: judged.facts };
}

function listsExactly(manifest: Manifest, files: AsicVerdict['files']): boolean {
  const inside = new Map(files.filter(({ name }) => name !== sealedManifestName).map((file) => [file.name, file]));
  const listed = manifest.documents.map((document, position) => ({
    document,
    name: containerName(document, position),
  }));
  const here = listed.filter(({ name }) => inside.has(name));
  const [first] = here;
  if (first === undefined || here.length !== inside.size) return false;
  const expected = (['records', 'health'] as const)
    .map((visibility) => documentsOf(manifest, visibility))
    .find((group) => group.includes(first.document));
  const isWhole = expected?.length === here.length && here.every(({ document }) => expected.includes(document));
  return isWhole && here.every(({ document, name }) => inside.get(name)?.sha256 === document.sha256);
}
