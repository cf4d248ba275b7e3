import { ok, type Result, refuse } from '../../result.ts';

/** What is wrong with what somebody typed from a paper; each has its own sentence. */
export type CodeProblem = 'empty' | 'number' | 'characters' | 'length';

const shape = /^[A-Z2-7]{16}$/;

/**
 * The code on a certificate as somebody types it, or pastes the whole address: full width, lower case, blanks and hyphens are
 * all the same. Pure.
 */
export function parseCertificateCode(typed: string): Result<string, CodeProblem> {
  const plain = typed.normalize('NFKC').trim();
  const text = plain.replace(/^https?:\/\/[^\s?#]*\/c\/([^/?#]*).*$/i, '$1');
  const code = text.replace(/[\s\p{Pd}\u2212\u30FC・._]/gu, '').toUpperCase();
  if (shape.test(code)) return ok(code);
  if (code === '') return refuse('empty');
  // The number of the school's book stands above it on the paper.
  if (/^20\d{8}$/.test(code)) return refuse('number');
  return refuse(/^[A-Z2-7]*$/.test(code) ? 'length' : 'characters');
}
