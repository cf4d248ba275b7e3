import type { Role, SchoolRole } from '../policy/actor.ts';
import { type DemoBoardKey, type DemoSchoolKey, demoFounders, demoOrganisations, demoSchoolKeys } from './schools.ts';

/** What the development identity provider says of an account: keys of the GBizID guideline, string or number alike. */
export type GbizClaims = Readonly<Record<string, string | number | readonly Readonly<Record<string, string>>[]>>;

interface DemoMembership {
  readonly school: DemoSchoolKey | DemoBoardKey;
  readonly role: Role;
  readonly homeroom: string | null;
  /** `ends` with this school year, or `begins` with the next one: the change of staff on 1 April. */
  readonly term?: 'ends' | 'begins';
}

export interface DemoAccount {
  /** `sub` at the identity provider. */
  readonly subject: string;
  /** Shared by two accounts of one human. */
  readonly personKey: string;
  readonly name: string;
  readonly founderNumber: string;
  readonly accountType: 1 | 2 | 3;
  readonly memberships: readonly DemoMembership[];
  readonly remark: { readonly ja: string; readonly en: string } | null;
}

export const roleNames: Readonly<Record<Role, { readonly ja: string; readonly en: string }>> = {
  principal: { ja: '校長', en: 'principal' },
  vicePrincipal: { ja: '教頭', en: 'vice-principal' },
  clerk: { ja: '事務職員', en: 'clerk' },
  homeroomTeacher: { ja: '担任', en: 'homeroom teacher' },
  schoolNurse: { ja: '養護教諭', en: 'school nurse' },
  administrator: { ja: '設置者の管理者', en: 'founder’s administrator' },
  auditor: { ja: '監査担当', en: 'auditor' },
};

/** The class that each school's homeroom teacher leads. */
export const homerooms: Readonly<Record<DemoSchoolKey, string>> = {
  elementary: '6年1組',
  juniorHigh: '3年2組',
  cityHigh: '1年A組',
  prefecturalHigh: '2年B組',
  privateHigh: '3年特進',
};

const namesBySchool: Readonly<Record<DemoSchoolKey, Readonly<Record<SchoolRole, string>>>> = {
  elementary: people('春野　桜子', '夏川　航', '秋田　稔', '冬木　雪', '早乙女　薫'),
  juniorHigh: people('山吹　武', '藤袴　静', '桔梗　守', '撫子　凛', '女郎花　恵'),
  cityHigh: people('青柳　隆', '白鳥　忍', '緑川　樹', '赤羽　翼', '黒崎　歩'),
  prefecturalHigh: people('高原　岳', '白樺　涼', '清水　澄', '小川　渡', '森　葉月'),
  privateHigh: people('見本　誠一郎', '学　問子', '私市　立', '園田　実', '保坂　健'),
};

export const demoAccounts: readonly DemoAccount[] = [
  ...demoSchoolKeys.flatMap((school) => staffOf(school)),
  {
    ...account('hibarino-clerk-two-schools', '二葉　双葉', 'elementary'),
    memberships: [membership('elementary', 'clerk'), membership('juniorHigh', 'clerk')],
    remark: { ja: '２校を兼務（学校を選んで入ります）', en: 'works at two schools and chooses one' },
  },
  {
    ...account('elementary-vice-principal-2', '夏川　航', 'elementary'),
    personKey: 'elementary-vicePrincipal',
    memberships: [membership('elementary', 'clerk')],
    remark: { ja: '教頭と同じ人の二つめのアカウント', en: 'second account of the vice-principal' },
  },
  {
    ...account('hibarino-mover', '渡瀬　移', 'juniorHigh'),
    memberships: [
      { ...membership('juniorHigh', 'clerk'), term: 'ends' },
      { ...membership('cityHigh', 'clerk'), term: 'begins' },
    ],
    remark: { ja: '４月１日に異動します', en: 'moves to the other school on 1 April' },
  },
  administrator('hibarino-administrator', '見守　翔子', ['elementary', 'juniorHigh', 'cityHigh']),
  administrator('nagano-administrator', '見回　岳人', ['prefecturalHigh']),
  administrator('gakuen-administrator', '見届　学', ['privateHigh']),
  auditor('hibarino-auditor', '監物　照', 'cityBoard'),
  // Whoever learned a name is reviewed by somebody else.
  auditor('hibarino-auditor-2', '監崎　晶', 'cityBoard'),
  auditor('nagano-auditor', '監原　澄', 'prefectureBoard'),
  {
    ...account('hibarino-prime', '雲雀　野太', 'elementary'),
    accountType: 2,
    memberships: [],
    remark: {
      ja: '市の代表者（プライム）。学校の役割はありません',
      en: 'prime account of the city without a role at a school',
    },
  },
  {
    ...account('entry', '入口　始', 'elementary'),
    accountType: 1,
    memberships: [],
    remark: { ja: 'エントリー（審査なし）。お断りします', en: 'entry account: refused' },
  },
];

/** The answer of `userinfo`; some values are numbers, as GBizID sends both. */
export function gbizClaims(account: DemoAccount): GbizClaims {
  const [family = '', given = ''] = account.name.split('　');
  const asNumber = account.subject.length % 2 === 0;
  const corporateNumber = account.accountType === 1 ? '' : account.founderNumber;
  return {
    account_type: asNumber ? account.accountType : String(account.accountType),
    corp_type: asNumber ? 1 : '1',
    corporate_number: asNumber && corporateNumber !== '' ? Number(corporateNumber) : corporateNumber,
    ...(account.accountType === 3 && { parent_id: `prime-${account.founderNumber}` }),
    name: founderLabel(account),
    prefecture_name: '11',
    user_last_nm: family,
    user_first_nm: given,
    user_department: account.memberships.map((m) => demoOrganisations[m.school].name).join('、'),
    user_email: demoMail(account.subject),
    email: demoMail(account.subject),
    mandate_info: [],
  };
}

export function demoMail(subject: string): string {
  return `${subject}@example.jp`;
}

function founderLabel(account: DemoAccount): string {
  if (account.accountType === 1) return account.name;
  return demoFounders.find((founder) => founder.corporateNumber === account.founderNumber)?.name ?? '';
}

function staffOf(school: DemoSchoolKey): DemoAccount[] {
  return (Object.entries(namesBySchool[school]) as [SchoolRole, string][]) // Keys are exactly the roles by its type.
    .map(([role, name]) => ({
      ...account(`${school}-${role}`, name, school),
      // The head of the private school is also the representative of its corporation: a prime account.
      accountType: school === 'privateHigh' && role === 'principal' ? 2 : 3,
      memberships: [membership(school, role)],
    }));
}

function account(subject: string, name: string, school: DemoSchoolKey | DemoBoardKey): DemoAccount {
  return {
    subject,
    personKey: subject,
    name,
    founderNumber: demoOrganisations[school].founderNumber,
    accountType: 3,
    memberships: [],
    remark: null,
  };
}

/** Of all schools of the founder; they choose one at a time, as everybody does. */
function administrator(
  subject: string,
  name: string,
  schools: readonly [DemoSchoolKey, ...DemoSchoolKey[]],
): DemoAccount {
  return {
    ...account(subject, name, schools[0]),
    memberships: schools.map((school) => membership(school, 'administrator')),
    remark: { ja: '人と役割だけを扱い、送付は見えません', en: 'looks after people and roles, sees no transfer' },
  };
}

/** At the board of education, and at no school. */
function auditor(subject: string, name: string, board: DemoBoardKey): DemoAccount {
  return {
    ...account(subject, name, board),
    memberships: [{ school: board, role: 'auditor', homeroom: null }],
    remark: {
      ja: '管内の送付の進み具合を、名前なしで見ます',
      en: 'sees how the transfers of its schools go, without names',
    },
  };
}

function membership(school: DemoSchoolKey, role: Role): DemoMembership {
  return { school, role, homeroom: role === 'homeroomTeacher' ? homerooms[school] : null };
}

function people(
  principal: string,
  vicePrincipal: string,
  clerk: string,
  homeroomTeacher: string,
  schoolNurse: string,
): Readonly<Record<SchoolRole, string>> {
  return { principal, vicePrincipal, clerk, homeroomTeacher, schoolNurse };
}
