/** Somebody who logs in with the stand-in for デジタル認証アプリ. All invented. */
export interface AppUser {
  /** The provider's own name of the person; a client learns a pairwise one. */
  readonly subject: string;
  readonly name: { readonly ja: string; readonly en: string };
  readonly pupil: string | null;
  readonly relation: 'self' | 'guardian' | null;
  /** The guardian's record at the school. */
  readonly guardian: string | null;
  /** What the provider would tell if it were asked; the gateway asks for nothing of it. */
  readonly birthDate: string;
}

export const appUsers: readonly AppUser[] = [
  {
    subject: 'app-kenichi',
    name: { ja: '葛城　健一（保護者、共同親権）', en: 'Katsuragi Kenichi (guardian, joint custody)' },
    pupil: 'pupil-01',
    relation: 'guardian',
    guardian: 'guardian-kenichi',
    birthDate: '1982-06-30',
  },
  {
    subject: 'app-kamome',
    name: { ja: '東海林　鷗（成人の生徒本人）', en: 'Shoji Kamome (adult pupil)' },
    pupil: 'pupil-10',
    relation: 'self',
    guardian: null,
    birthDate: '2008-04-29',
  },
  {
    subject: 'app-stranger',
    name: { ja: '無関係　太郎（学校と関わりのない人）', en: 'Mukankei Taro (a stranger to every school)' },
    pupil: null,
    relation: null,
    guardian: null,
    birthDate: '1990-01-01',
  },
];
