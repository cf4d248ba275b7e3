/** 緊急閲覧 ends by itself: longer than an emergency needs the card, shorter than a working day forgets it. */
export const breakGlassMinutes = 60;
const minReasonCharacters = 15;
export const maxReasonCharacters = 400;

export const breakGlassCategories = ['emergency', 'nurseAbsent', 'safety', 'disaster', 'other'] as const;
export type BreakGlassCategory = (typeof breakGlassCategories)[number];

/** Why a board may have to know whom a case is about. */
export const boardGlassCategories = ['inquiry', 'mistake', 'safety', 'disaster', 'audit', 'other'] as const;
export type BoardGlassCategory = (typeof boardGlassCategories)[number];

/** The gateway's own look at a name that a board has opened: it finds none over which no glass is broken (board/glass). */
export const boardGlassJob = 'board-glass';

const segmenter = new Intl.Segmenter('ja', { granularity: 'grapheme' });

/** What was typed as the reason, trimmed; null when it says nothing. */
export function parseReason(typed: string): string | null {
  const text = typed.trim();
  // Counted as people count: 辻 with its variation selector is one.
  const characters = Array.from(segmenter.segment(text), ({ segment }) => segment);
  if (characters.length < minReasonCharacters || characters.length > maxReasonCharacters) return null;
  // "ああああああああああああああ" is long enough and no reason.
  return new Set(characters.filter((one) => /[\p{L}\p{N}]/u.test(one))).size >= 5 ? text : null;
}

export function isRunning(glass: { readonly endedAt: Date | null; readonly expiresAt: Date }, now: Date): boolean {
  return glass.endedAt === null && now < glass.expiresAt;
}
