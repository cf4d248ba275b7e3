import { type ExitCode, exitCodes } from '../exit-codes.ts';

export type Word = 'valid' | 'invalid' | 'notChecked';

/** One question with its own plain answer; reasons are codes (docs/cli.md). */
export interface Verdict {
  readonly question: Question;
  readonly word: Word;
  readonly reasons: readonly string[];
  /** Whom or what the answer is about, such as the signer's name or the proved time. */
  readonly about: string | null;
}

export type Question =
  | 'structure'
  | 'signature'
  | 'issuer'
  | 'time'
  | 'digests'
  | 'manifest'
  | 'statement'
  | 'inclusion'
  | 'innerSignature'
  | 'documentTimestamp'
  | 'changes';

/** What a file was found to be. */
export interface Report {
  readonly kind: 'container' | 'manifest' | 'receipt' | 'pdf';
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
  return { question, word, about: more.about ?? null, reasons: more.reasons ?? [] } satisfies Verdict;
}

export function outcomeOf(verdicts: readonly Verdict[]): Word {
  return worstOf(verdicts.map(({ word }) => word));
}

/** `no` outweighs `could not check`, and that outweighs every `yes`. */
export function worstOf(words: readonly Word[]): Word {
  if (words.includes('invalid')) return 'invalid';
  return words.includes('notChecked') ? 'notChecked' : 'valid';
}

export function exitOf(word: Word): ExitCode {
  switch (word) {
    case 'valid':
      return exitCodes.ok;
    case 'invalid':
      return exitCodes.failed;
    case 'notChecked':
      return exitCodes.notChecked;
  }
}
