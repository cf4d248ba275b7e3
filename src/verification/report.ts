export const words = ['valid', 'invalid', 'notChecked'] as const;

export type Word = (typeof words)[number];

/** One question with its own plain answer (docs/formats.md, "Verdicts"). */
export interface Verdict {
  readonly question: Question;
  readonly word: Word;
  /** Question and answer in one, for programs: it stays what it is. */
  readonly code: `${Question}.${Word}`;
  /** Finer codes. */
  readonly reasons: readonly string[];
  /** Whom or what the answer is about, such as the signer's name or the proved time. */
  readonly about: string | null;
}

/** Everything that is ever asked about a file. */
export const questions = [
  'structure',
  'signature',
  'issuer',
  'time',
  'digests',
  'manifest',
  'statement',
  'inclusion',
  'witnesses',
  'innerSignature',
  'documentTimestamp',
  'changes',
  'issued',
  'status',
  'expiry',
  'holder',
  'audience',
  'tree',
  'state',
  'pair',
  'renewal',
] as const;

export type Question = (typeof questions)[number];

/** What a file was found to be. */
export interface Report {
  readonly kind: 'container' | 'manifest' | 'receipt' | 'consent' | 'pdf' | 'credential' | 'certificateProof' | 'log';
  readonly verdicts: readonly Verdict[];
  /** Facts out of the file, for the reader; they are to be believed as far as the verdicts go. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Worth telling, part of no verdict: codes. */
  readonly remarks: readonly string[];
}

export function verdict(
  question: Question,
  word: Word,
  more: { about?: string | null; reasons?: readonly string[] } = {},
) {
  return {
    question,
    word,
    code: `${question}.${word}`,
    about: more.about ?? null,
    reasons: more.reasons ?? [],
  } satisfies Verdict;
}

export function outcomeOf(verdicts: readonly Verdict[]): Word {
  return worstOf(verdicts.map(({ word }) => word));
}

/** `no` outweighs `could not check`, and that outweighs every `yes`. */
export function worstOf(words: readonly Word[]): Word {
  if (words.includes('invalid')) return 'invalid';
  return words.includes('notChecked') ? 'notChecked' : 'valid';
}
