/** Folding keys for names: what may be compared by machine, and what a person has to decide. Pure. */

/** 異体字 that occur in names, folded to the form most used in school rosters; the rule used is recorded with the match. */
const variants: Readonly<Record<string, string>> = {
  髙: '高',
  﨑: '崎',
  嵜: '崎',
  邊: '辺',
  邉: '辺',
  齋: '斎',
  齊: '斉',
  澤: '沢',
  濵: '浜',
  濱: '浜',
  𠮷: '吉',
  櫻: '桜',
  廣: '広',
  國: '国',
  眞: '真',
  德: '徳',
  惠: '恵',
  龍: '竜',
  瀨: '瀬',
  曾: '曽',
};

/** Rule set recorded with a match, so that a later reader knows how names were compared. */
export const foldingRule = 'hikitsugi-fold/1';

/** Kana to one full-width katakana form without spaces: ｶﾅ, かな and カナ are equal, long marks and small kana are kept. */
export function foldKana(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s・･]/g, '')
    .replace(/[ぁ-ゖ]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0x60));
}

/** Official or display name without spaces, variation selectors and known variants. Never stored in place of the name. */
export function foldName(text: string): string {
  const bare = text.replace(/[\s　]/g, '').replace(/[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]/gu, '');
  return [...bare.normalize('NFC')].map((c) => variants[c] ?? c).join('');
}

/** Same pupil by what both schools wrote? Both the reading and the birth date have to agree. */
export function matchPupil(
  known: { readonly kana: string; readonly birthDate: string },
  given: { readonly kana: string; readonly birthDate: string },
): 'match' | 'differs' {
  const sameKana = foldKana(known.kana) === foldKana(given.kana);
  return sameKana && known.birthDate === given.birthDate ? 'match' : 'differs';
}
