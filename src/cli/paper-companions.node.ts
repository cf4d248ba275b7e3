import type { CertificateProof } from '../records/certificate-proof.ts';
import { kindOf } from '../verification/examine.ts';
import { noPaper, type PaperCompanions, paperIn } from '../verification/paper.ts';
import { sealChainIn } from '../verification/seal-chain.ts';
import { notChecked } from './cli-error.ts';

/** Options of `verify` that are about the codes on paper alone. */
export const paperOptions = { seal: { type: 'string', multiple: true } } as const;

type Read = (path: string) => Promise<Uint8Array>;

/** What goes with the codes of certificates on the command line: seals by `--seal`, and every PDF that is verified beside them. */
export async function paperOf(
  { seal: sealPaths = [] }: { readonly seal?: readonly string[] | undefined },
  files: readonly string[],
  read: Read,
): Promise<PaperCompanions> {
  const seals = await Promise.all(
    sealPaths.map(async (path) => {
      const chain = sealChainIn(await read(path));
      if (chain === null) throw notChecked('file.unknown', { path });
      return chain;
    }),
  );
  return { ...noPaper, seals, papers: files.length < 2 ? [] : await papersAmong(files, read) };
}

/** One file after the other, so that many large ones never lie in memory together. */
async function papersAmong(files: readonly string[], read: Read): Promise<readonly CertificateProof[]> {
  const pdfs: string[] = [];
  let isAboutPaper = false;
  for (const path of files) {
    const kind = kindOf(await read(path));
    if (kind === 'pdf') pdfs.push(path);
    isAboutPaper ||= kind === 'certificateProof';
  }
  const papers: CertificateProof[] = [];
  for (const path of isAboutPaper ? pdfs : []) {
    const paper = await paperIn(await read(path));
    if (paper !== null) papers.push(paper);
  }
  return papers;
}
