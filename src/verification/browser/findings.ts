import type { CredentialCompanions } from '../credential.ts';
import { examineFile, kindOf, statusListIn } from '../examine.ts';
import { fetchStatusList, parseUrl } from '../fetch-status-list.ts';
import type { PaperCompanions } from '../paper.ts';
import type { Report } from '../report.ts';
import type { Given } from './given.ts';
import { isSeal, paperFrom } from './paper.ts';
import type { FoundTrust } from './trust.ts';

/** Why a file got no verdicts at all; the words are the command line's. */
export type ProblemCode =
  | 'file.unknown'
  | 'file.too-large'
  | 'file.too-many'
  | 'file.unreadable'
  | 'verifier.broken'
  | 'trust.missing'
  | 'trust.refused';

/** What was found out about one file. */
export type Finding =
  | { readonly name: string; readonly report: Report }
  | { readonly name: string; readonly problem: ProblemCode; readonly reason: string | null };

const maxFiles = 20;

/**
 * Verifies each file by itself. A proof, status list or seal chosen at the same time goes with the receipt, credential or code beside
 * it, and the code of a certificate is compared with the PDFs beside it.
 */
export async function findAll(all: readonly Given[], trust: FoundTrust): Promise<readonly Finding[]> {
  const proof = all.map(proofIn).find((text) => text !== null) ?? null;
  const statusLists = all.flatMap(({ content }) => (typeof content === 'string' ? [] : (statusListIn(content) ?? [])));
  const files = all.filter((given) => !isCompanion(given) || all.length === 1);
  const paper = await paperFrom(all);
  const found: Finding[] = [];
  for (const given of files.slice(0, maxFiles))
    found.push(
      await findOne(given, {
        trust,
        proof,
        companions: { statusLists, fetchStatusList: fetching(), holder: null, sharedWith: null },
        paper,
      }),
    );
  const rest = files.slice(maxFiles).map(({ name }) => ({ name, problem: 'file.too-many' as const, reason: null }));
  return [...found, ...rest];
}

interface Basis {
  readonly trust: FoundTrust;
  readonly proof: string | null;
  readonly companions: CredentialCompanions;
  readonly paper: PaperCompanions;
}

async function findOne({ name, content }: Given, { trust, proof, companions, paper }: Basis): Promise<Finding> {
  if (typeof content === 'string') return { name, problem: content, reason: null };
  const kind = kindOf(content);
  if (kind === null) return { name, problem: 'file.unknown', reason: null };
  if ('problem' in trust) return { name, ...trust };
  try {
    return {
      name,
      report: await examineFile({ kind, bytes: content, proof, companions, paper, trust: async () => trust.opened }),
    };
  } catch {
    // Whatever a file makes the code do, the answer is never "valid" by accident.
    return { name, problem: 'verifier.broken', reason: null };
  }
}

function isCompanion(given: Given): boolean {
  return (
    isSeal(given) ||
    proofIn(given) !== null ||
    (typeof given.content !== 'string' && statusListIn(given.content) !== null)
  );
}

/** Lists of the gateway that the page comes from; the page's policy lets it ask nobody else, and a file asks nobody at all. */
function fetching(): CredentialCompanions['fetchStatusList'] {
  if (!location.protocol.startsWith('http')) return null;
  return async (uri) => (parseUrl(uri)?.origin === location.origin ? fetchStatusList(uri) : null);
}

/** C2SP tlog-proof. */
function proofIn({ content }: Given): string | null {
  if (typeof content === 'string' || content.length > 65_536) return null;
  const text = new TextDecoder().decode(content);
  return text.startsWith('c2sp.org/tlog-proof@v1\n') ? text : null;
}
