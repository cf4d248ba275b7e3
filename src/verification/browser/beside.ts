import { askGateway } from '../ask-gateway.ts';
import type { CredentialCompanions } from '../credential.ts';
import { kindOf, statusListIn } from '../examine.ts';
import { fetchStatusList } from '../fetch-status-list.ts';
import { parseUrl } from '../fetch-text.ts';
import { noPaper, type PaperCompanions, paperIn } from '../paper.ts';
import { isRenewalRecord, recordsBeside } from '../renewal.ts';
import { sealChainIn } from '../seal-chain.ts';
import type { Given } from './given.ts';
import { policyTextIn } from './trust.ts';

/** What was chosen together with the files, and goes with those beside it. */
export interface Beside {
  readonly proof: string | null;
  readonly policy: string | null;
  readonly companions: CredentialCompanions;
  readonly paper: PaperCompanions;
  /** The renewal records that go with one file. */
  readonly renewals: (content: Uint8Array) => readonly Uint8Array[];
}

/** @param origin - of the gateway that the page comes from; null for a page from a disk, which asks nobody */
export async function findBeside(all: readonly Given[], origin: string | null): Promise<Beside> {
  const contents = all.flatMap(({ content }) => (typeof content === 'string' ? [] : [content]));
  const statusLists = contents.flatMap((content) => statusListIn(content) ?? []);
  return {
    proof: all.map(proofIn).find((text) => text !== null) ?? null,
    policy: all.map(policyTextIn).find((text) => text !== null) ?? null,
    companions: {
      statusLists,
      fetchStatusList: origin === null ? null : fetchingFrom(origin),
      holder: null,
      sharedWith: null,
    },
    paper: await paperAmong(contents, origin),
    renewals: renewalsAmong(contents),
  };
}

/** Whether it goes with another file, and says nothing by itself. */
export function isCompanion(given: Given): boolean {
  const { content } = given;
  if (typeof content === 'string') return false;
  const isList = sealChainIn(content) !== null || statusListIn(content) !== null || isRenewalRecord(content);
  return isList || proofIn(given) !== null || policyTextIn(given) !== null;
}

/** PDFs and seals that were chosen with the code of a certificate, and what the gateway says. */
async function paperAmong(contents: readonly Uint8Array[], origin: string | null): Promise<PaperCompanions> {
  const isAboutPaper = contents.some((content) => kindOf(content) === 'certificateProof');
  const pdfs = isAboutPaper ? contents.filter((content) => kindOf(content) === 'pdf') : [];
  const papers = await Promise.all(pdfs.map(paperIn));
  return {
    ...noPaper,
    ...(origin === null ? {} : askGateway(origin)),
    seals: contents.flatMap((content) => sealChainIn(content) ?? []),
    papers: papers.flatMap((paper) => paper ?? []),
  };
}

function renewalsAmong(contents: readonly Uint8Array[]): Beside['renewals'] {
  const records = contents.filter(isRenewalRecord);
  const files = records.length === 0 ? [] : contents.flatMap((bytes) => renewedFile(bytes) ?? []);
  return (content) => {
    const file = renewedFile(content);
    return file === null ? [] : recordsBeside(file, records, files);
  };
}

function renewedFile(bytes: Uint8Array) {
  const kind = kindOf(bytes);
  return kind === null ? null : { kind, bytes };
}

/** Lists of the gateway that the page comes from; the page's policy lets it ask nobody else. */
function fetchingFrom(origin: string): CredentialCompanions['fetchStatusList'] {
  return async (uri) => (parseUrl(uri)?.origin === origin ? fetchStatusList(uri) : null);
}

/** C2SP tlog-proof. */
function proofIn({ content }: Given): string | null {
  if (typeof content === 'string' || content.length > 65_536) return null;
  const text = new TextDecoder().decode(content);
  return text.startsWith('c2sp.org/tlog-proof@v1\n') ? text : null;
}
