import type { KeyKind } from './certificate-maker.node.ts';

/** A `.p12` of the demonstration: who holds it, and what the gateway should say to it. */
export interface PersonCertificatePlan {
  /** File name without ending. */
  readonly id: string;
  readonly holder: { readonly ja: string; readonly en: string };
  readonly pupil: string | null;
  readonly relation: 'self' | 'guardian' | null;
  readonly keyKind: KeyKind;
  readonly shape: 'authentication' | 'signature' | 'expired' | 'revoked' | 'wrongPurpose' | 'selfMade' | 'unknownRoot';
  /**
   * Which of the authorities under one name issues it: 0 has ended, 1 issues today, 2 is the next one, 3 is that of the next card
   * (P-384).
   */
  readonly generation: 0 | 1 | 2 | 3;
}

/** The password of every `.p12` of the demonstration; printed on the start page. */
export const demoPassword = 'demo-1234';

export const personCertificatePlans: readonly PersonCertificatePlan[] = [
  person('sakura', '葛城　さくら（生徒本人）', 'Katsuragi Sakura (pupil)', 'pupil-01', 'self'),
  person(
    'kenichi',
    '葛城　健一（保護者、共同親権）',
    'Katsuragi Kenichi (guardian, joint custody)',
    'pupil-01',
    'guardian',
  ),
  {
    ...person(
      'mayumi',
      '西園寺　真由美（保護者、共同親権）',
      'Saionji Mayumi (guardian, joint custody)',
      'pupil-01',
      'guardian',
    ),
    keyKind: 'p256',
    generation: 2,
  },
  { ...person('fumi', '辻　文（保護者）', 'Tsuji Fumi (guardian)', 'pupil-02', 'guardian'), keyKind: 'p256' },
  { ...person('yoko', '吉田　洋子（保護者）', 'Yoshida Yoko (guardian)', 'pupil-03', 'guardian'), generation: 2 },
  { ...person('hajime', '一　一（生徒本人）', 'Ninomae Hajime (pupil)', 'pupil-09', 'self'), keyKind: 'p256' },
  person('kamome', '東海林　鷗（成人の生徒本人）', 'Shoji Kamome (adult pupil)', 'pupil-10', 'self'),
  {
    ...person(
      'ren',
      '高崎　蓮（生徒本人、次のカードの P-384）',
      'Takasaki Ren (pupil; P-384, as on the next card)',
      'pupil-06',
      'self',
    ),
    keyKind: 'p384',
    generation: 3,
  },
  bad(
    'kamome-signature',
    'signature',
    '東海林　鷗：署名用証明書（ログインには使えません）',
    'signature certificate: not for log-in',
  ),
  bad('expired', 'expired', '期限切れの証明書', 'expired'),
  bad('revoked', 'revoked', '失効した証明書', 'revoked'),
  {
    ...bad('revoked-today', 'revoked', '今日失効した証明書（OCSP だけが知っている）', 'revoked today: only OCSP knows'),
    generation: 2,
  },
  {
    ...bad('old-generation', 'authentication', '終わった世代の認証局の証明書', 'under an authority that has ended'),
    generation: 0,
  },
  bad('wrong-purpose', 'wrongPurpose', '用途の違う証明書', 'wrong purpose'),
  bad('self-made', 'selfMade', '自作の証明書', 'self-made'),
  bad('unknown-root', 'unknownRoot', '知らない認証局の証明書', 'under an unknown root'),
];

/** Whether the gateway lets this certificate in. */
export function isGoodPlan({ shape, generation }: PersonCertificatePlan): boolean {
  return shape === 'authentication' && generation > 0;
}

function person(
  id: string,
  ja: string,
  en: string,
  pupil: string,
  relation: 'self' | 'guardian',
): PersonCertificatePlan {
  return { id, holder: { ja, en }, pupil, relation, keyKind: 'rsa-2048', shape: 'authentication', generation: 1 };
}

function bad(id: string, shape: PersonCertificatePlan['shape'], ja: string, en: string): PersonCertificatePlan {
  return {
    id,
    holder: { ja, en },
    pupil: null,
    relation: null,
    keyKind: shape === 'signature' ? 'rsa-2048' : 'p256',
    shape,
    generation: 1,
  };
}
