import type { NonStandardCharacter } from '../directory/tables.ts';
import type { DemoSchoolKey } from './schools.ts';
import { homerooms } from './staff.ts';

export interface DemoPupil {
  readonly id: string;
  readonly school: DemoSchoolKey;
  /** userMasterIdentifier of the OneRoster Japan Profile. */
  readonly masterIdentifier: string;
  /** Exact code points, never normalised. */
  readonly officialName: string;
  readonly nonStandardCharacters: readonly NonStandardCharacter[];
  readonly displayName: string;
  readonly kana: string;
  readonly birthDate: string;
  readonly grade: string;
  readonly homeroom: string;
}

const ivs = { e0100: '\u{E0100}', e0101: '\u{E0101}' } as const;

// All invented. Each stands for a kind of name that systems get wrong.
export const demoPupils: readonly DemoPupil[] = [
  pupil(1, 'juniorHigh', {
    officialName: `葛${ivs.e0100}城　さくら`, // variation selector on the first character
    displayName: '葛城　さくら',
    kana: 'カツラギ　サクラ',
    birthDate: '2011-04-02',
    grade: '3',
  }),
  pupil(2, 'juniorHigh', {
    officialName: `辻${ivs.e0100}　一`, // one-character names, one with a selector
    displayName: '辻　一',
    kana: 'ツジ　ハジメ',
    birthDate: '2012-04-01', // 1 April: belongs to the older year
    grade: '3',
  }),
  pupil(3, 'juniorHigh', {
    officialName: '𠮷田　花', // outside the basic plane
    displayName: '吉田　花',
    kana: 'ヨシダ　ハナ',
    birthDate: '2011-09-15',
    grade: '3',
  }),
  pupil(4, 'juniorHigh', {
    officialName: '\uE001藤　結衣', // a private-use character, known by its glyph name
    nonStandardCharacters: [{ codePoint: 'U+E001', glyph: 'MJ030196' }],
    displayName: '斎藤　結衣',
    kana: 'サイトウ　ユイ',
    birthDate: '2011-12-31',
    grade: '3',
  }),
  pupil(5, 'elementary', {
    officialName: '勘解由小路　寿限無左衛門之介',
    displayName: '勘解由小路　寿限無左衛門之介',
    kana: 'カデノコウジ　ジュゲムジュゲムゴコウノスリキレカイジャリスイギョノスイギョウマツウンライマツフウライマツザエモンノスケ',
    birthDate: '2014-05-05',
    grade: '6',
  }),
  pupil(6, 'elementary', {
    officialName: '髙﨑　蓮',
    displayName: '高崎　蓮',
    kana: 'タカサキ　レン',
    birthDate: '2014-11-03',
    grade: '6',
  }),
  pupil(7, 'elementary', {
    officialName: `渡邉${ivs.e0101}　ひなた`, // a selector that the document font does not have
    displayName: '渡邉　ひなた',
    kana: 'ワタナベ　ヒナタ',
    birthDate: '2015-02-28',
    grade: '6',
  }),
  pupil(8, 'cityHigh', {
    officialName: 'DE LA CRUZ SANTOS MARIA FERNANDA',
    displayName: 'デラクルスサントス　マリアフェルナンダ',
    kana: 'デラクルスサントス　マリアフェルナンダ',
    birthDate: '2010-07-07',
    grade: '1',
  }),
  pupil(9, 'prefecturalHigh', {
    officialName: '一　一', // both names one character, and the reading cannot be guessed
    displayName: '一　一',
    kana: 'ニノマエ　ハジメ',
    birthDate: '2009-08-20',
    grade: '2',
  }),
  pupil(10, 'privateHigh', {
    officialName: '東海林　鷗', // 鷗: the printed form, not 鴎
    displayName: '東海林　鷗',
    kana: 'ショウジ　カモメ',
    birthDate: '2008-04-29', // of age
    grade: '3',
  }),
];

type PupilInput = Pick<DemoPupil, 'officialName' | 'displayName' | 'kana' | 'birthDate' | 'grade'> &
  Partial<Pick<DemoPupil, 'nonStandardCharacters'>>;

function pupil(number: number, school: DemoSchoolKey, input: PupilInput): DemoPupil {
  const digits = String(number).padStart(2, '0');
  return {
    id: `pupil-${digits}`,
    school,
    // Shape of a UUID v4, fixed so that the demonstration is the same each time.
    masterIdentifier: `00000000-0000-4000-8000-0000000000${digits}`,
    nonStandardCharacters: [],
    homeroom: homerooms[school],
    ...input,
  };
}
