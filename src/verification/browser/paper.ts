import { parseState } from '../certificate-state.ts';
import { kindOf } from '../examine.ts';
import { type PaperCompanions, paperIn } from '../paper.ts';
import { sealChainIn } from '../seal-chain.ts';
import type { Given } from './given.ts';

const timeoutMs = 10_000;

/** What lies beside the code of a certificate: PDFs and seals that were chosen with it, and the gateway that the page comes from. */
export async function paperFrom(all: readonly Given[]): Promise<PaperCompanions> {
  const contents = all.flatMap(({ content }) => (typeof content === 'string' ? [] : [content]));
  const isAboutPaper = contents.some((content) => kindOf(content) === 'certificateProof');
  const pdfs = isAboutPaper ? contents.filter((content) => kindOf(content) === 'pdf') : [];
  const papers = await Promise.all(pdfs.map(paperIn));
  const isOnline = location.protocol.startsWith('http');
  return {
    seals: contents.flatMap((content) => sealChainIn(content) ?? []),
    fetchSeal: isOnline ? fetchSeal : null,
    askState: isOnline ? askState : null,
    papers: papers.flatMap((paper) => paper ?? []),
  };
}

/** The certificate of a seal, which goes with a code beside it; null for any other file. */
export function isSeal({ content }: Given): boolean {
  return typeof content !== 'string' && sealChainIn(content) !== null;
}

/** Of the gateway that the page comes from; whether it is the right one, its digest says. */
async function fetchSeal(fingerprint: string) {
  const answer = await ask(`/verify/seals/${fingerprint}`);
  return answer?.ok === true ? sealChainIn(new Uint8Array(await answer.arrayBuffer())) : null;
}

/** The gateway learns the code, which it gave out itself, and nothing else of what is verified here. */
async function askState(code: string) {
  if (!/^[A-Z2-7]{16}$/.test(code)) return 'unknown' as const;
  const answer = await ask(`/api/certificate-states/${code}`);
  if (answer?.status === 404) return 'unknown' as const;
  return answer?.ok === true ? parseState(await answer.json().catch(() => null)) : ('unreachable' as const);
}

async function ask(address: string): Promise<Response | null> {
  const how = { credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer' } as const;
  return fetch(address, { ...how, signal: AbortSignal.timeout(timeoutMs) }).catch(() => null);
}
