import { corporateNumberCheckDigit, type SchoolType, schoolCodeCheckDigit } from '../directory/codes.ts';
import type { KeyKind } from './certificate-maker.node.ts';

export interface DemoFounder {
  readonly corporateNumber: string;
  readonly name: string;
  readonly kind: 'municipality' | 'prefecture' | 'schoolCorporation' | 'national';
}

export interface DemoOrganisation {
  readonly code: string;
  readonly kind: 'school' | 'board' | 'university';
  readonly name: string;
  readonly nameKana: string;
  readonly nameEnglish: string;
  /** Two digits, 01–47. */
  readonly prefecture: string;
  readonly town: string;
  readonly founderNumber: string;
  readonly boardCode: string | null;
  readonly state: 'open' | 'closed';
  readonly successorCode: string | null;
  readonly contactMail: string;
  /** Read by the principal alone. */
  /** The kind of its seal key; null for those that seal nothing. */
  readonly sealKey: KeyKind | null;
}

// Every name and number is invented: towns that do not exist, numbers outside the ranges in use, all marked 見本 (sample).
const city: DemoFounder = founder('000020119990', 'ひばり野市（見本）', 'municipality');
const prefecture: DemoFounder = founder('000020209990', '長野県（見本）', 'prefecture');
const corporation: DemoFounder = founder('100005999001', '学校法人見本学園', 'schoolCorporation');
const universityCorporation: DemoFounder = founder('100005999002', '学校法人見本大学', 'schoolCorporation');

export const demoFounders: readonly DemoFounder[] = [city, prefecture, corporation, universityCorporation];

const cityBoard = '119990';
const prefectureBoard = '209990';
const mergedInto = schoolCode('C1', '112', '9990011');

export const demoOrganisations = {
  elementary: organisation({
    code: schoolCode('B1', '112', '9990001'),
    name: 'ひばり野市立見本東小学校',
    nameKana: 'ヒバリノシリツミホンヒガシショウガッコウ',
    nameEnglish: 'Mihon Higashi Elementary School',
    founder: city,
    boardCode: cityBoard,
    sealKey: 'p256',
  }),
  juniorHigh: organisation({
    code: mergedInto,
    name: 'ひばり野市立見本中学校',
    nameKana: 'ヒバリノシリツミホンチュウガッコウ',
    nameEnglish: 'Mihon Junior High School',
    founder: city,
    boardCode: cityBoard,
    sealKey: 'p256',
  }),
  closedJuniorHigh: organisation({
    code: schoolCode('C1', '112', '9990012'),
    name: 'ひばり野市立見本西中学校',
    nameKana: 'ヒバリノシリツミホンニシチュウガッコウ',
    nameEnglish: 'Mihon Nishi Junior High School',
    founder: city,
    boardCode: cityBoard,
    state: 'closed',
    successorCode: mergedInto,
  }),
  cityHigh: organisation({
    code: schoolCode('D1', '112', '9990021'),
    name: 'ひばり野市立見本北高等学校',
    nameKana: 'ヒバリノシリツミホンキタコウトウガッコウ',
    nameEnglish: 'Mihon Kita High School',
    founder: city,
    boardCode: cityBoard,
    sealKey: 'p256',
  }),
  prefecturalHigh: organisation({
    code: schoolCode('D1', '202', '9990022'),
    name: '長野県見本高原高等学校',
    nameKana: 'ナガノケンミホンコウゲンコウトウガッコウ',
    nameEnglish: 'Mihon Kogen High School',
    founder: prefecture,
    town: '白樺平市',
    boardCode: prefectureBoard,
    sealKey: 'rsa-2048',
  }),
  privateHigh: organisation({
    code: schoolCode('D1', '203', '9990031'),
    name: '見本学園高等学校',
    nameKana: 'ミホンガクエンコウトウガッコウ',
    nameEnglish: 'Mihon Gakuen High School',
    founder: corporation,
    town: '白樺平市',
    sealKey: 'p256',
  }),
  university: organisation({
    kind: 'university',
    code: schoolCode('F1', '203', '9990041'),
    name: '見本大学',
    nameKana: 'ミホンダイガク',
    nameEnglish: 'Mihon University',
    founder: universityCorporation,
    town: '白樺平市',
    sealKey: 'p256',
  }),
  cityBoard: organisation({
    kind: 'board',
    code: cityBoard,
    name: 'ひばり野市教育委員会（見本）',
    nameKana: 'ヒバリノシキョウイクイインカイ',
    nameEnglish: 'Hibarino City Board of Education (sample)',
    founder: city,
  }),
  prefectureBoard: organisation({
    kind: 'board',
    code: prefectureBoard,
    name: '長野県教育委員会（見本）',
    nameKana: 'ナガノケンキョウイクイインカイ',
    nameEnglish: 'Nagano Prefectural Board of Education (sample)',
    founder: prefecture,
    town: '白樺平市',
  }),
} as const satisfies Record<string, DemoOrganisation>;

/** The open schools that have staff and pupils. */
export const demoSchoolKeys = ['elementary', 'juniorHigh', 'cityHigh', 'prefecturalHigh', 'privateHigh'] as const;
export type DemoSchoolKey = (typeof demoSchoolKeys)[number];

/** 教育委員会: they have no pupils, and people of their own. */
export type DemoBoardKey = 'cityBoard' | 'prefectureBoard';

function founder(lastTwelve: string, name: string, kind: DemoFounder['kind']): DemoFounder {
  return { corporateNumber: `${corporateNumberCheckDigit(lastTwelve)}${lastTwelve}`, name, kind };
}

function schoolCode(type: SchoolType, prefectureAndFounder: string, number: string): string {
  const firstTwelve = `${type}${prefectureAndFounder}${number}`;
  return `${firstTwelve}${schoolCodeCheckDigit(firstTwelve)}`;
}

type OrganisationInput = Pick<DemoOrganisation, 'code' | 'name' | 'nameKana' | 'nameEnglish'> &
  Partial<DemoOrganisation> & { readonly founder: DemoFounder };

function organisation({ founder, ...input }: OrganisationInput): DemoOrganisation {
  return {
    kind: 'school',
    prefecture: input.town === '白樺平市' ? '20' : '11',
    town: 'ひばり野市',
    founderNumber: founder.corporateNumber,
    boardCode: null,
    state: 'open',
    successorCode: null,
    contactMail: `jimu@${input.code.toLowerCase()}.example`,
    sealKey: null,
    ...input,
  };
}

/** Those that have a seal, as the development authorities want them. */
export function sealHolders() {
  return Object.values<DemoOrganisation>(demoOrganisations).flatMap(({ code, name, town, sealKey }) =>
    sealKey === null ? [] : [{ code, name, town, key: sealKey }],
  );
}
