/** Folding keys for names: what may be compared by machine, and what a person has to decide. Pure. */

/** Rule set recorded with a match, so that a later reader knows how names were compared. */
export const foldingRule = 'hikitsugi-fold/1';

/** Kana to one full-width katakana form without spaces: ｶﾅ, かな and カナ are equal, long marks and small kana are kept. */
function foldKana(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s・･]/g, '')
    .replace(/[ぁ-ゖ]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0x60));
}

/** Same pupil by what both schools wrote? Both the reading and the birth date have to agree. */
export function matchPupil(
  known: { readonly kana: string; readonly birthDate: string },
  given: { readonly kana: string; readonly birthDate: string },
): 'match' | 'differs' {
  const sameKana = foldKana(known.kana) === foldKana(given.kana);
  return sameKana && known.birthDate === given.birthDate ? 'match' : 'differs';
}
