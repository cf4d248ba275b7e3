import { defaultWording } from '../../../src/certificates/default-wording.ts';
import type { RegisterFacts } from '../../../src/certificates/facts.ts';
import { type IssuedKind, personKinds } from '../../../src/records/certificate-kinds.ts';
import { bodyOf } from '../../hostile/support/procedure.ts';
import type { HostileWorld } from '../../hostile/support/world.ts';

const offeredKinds = ['graduationCertificate', 'enrolmentCertificate', 'transcript'] as const;

/** Templates in force and an offer: 400 yen a copy, nothing at once unless told. */
export async function openOffice(
  world: Pick<HostileWorld, 'as'>,
  atOnce: readonly IssuedKind[] = [],
  school: 'juniorHigh' | 'cityHigh' = 'juniorHigh',
): Promise<void> {
  const clerk = await world.as(`${school}-clerk`);
  const principal = await world.as(`${school}-principal`);
  for (const kind of [...offeredKinds, 'inabilityCertificate'] as const) {
    const signed = { principalJa: '校長　山吹　武', principalEn: 'Takeshi YAMABUKI, Principal' };
    const wording = { ...defaultWording[kind], ...signed };
    const { id } = bodyOf(await clerk.json('POST', '/api/certificate-templates', { kind, wording }));
    bodyOf(await principal.json('POST', `/api/certificate-templates/${id}/publication`));
  }
  const { version } = bodyOf(await principal.json('GET', '/api/certificate-settings'));
  const kinds = Object.fromEntries(
    personKinds.map((kind) => {
      const offered = offeredKinds.some((one) => one === kind);
      return [kind, { offered, feeYen: offered ? 400 : 0, atOnce: atOnce.includes(kind) }];
    }),
  );
  bodyOf(await principal.json('PUT', '/api/certificate-settings', { version, kinds }));
}

/** Enters a pupil of the roll, as enrolled, into the register; gives the entry's id. */
export async function enterPupil(
  world: Pick<HostileWorld, 'as'>,
  pupilId: string | null,
  more: Partial<RegisterFacts> = {},
): Promise<string> {
  const clerk = await world.as('juniorHigh-clerk');
  const facts = {
    number: `第${crypto.randomUUID().slice(0, 8)}号`,
    officialName: '葛\u{E0100}城　さくら',
    kana: 'かつらぎ　さくら',
    nameEnglish: 'KATSURAGI Sakura',
    birthDate: '2011-04-02',
    grade: '3',
    enrolledOn: '2024-04-08',
    ...more,
  };
  return bodyOf(await clerk.json('POST', '/api/certificate-register', { pupilId, facts })).id;
}

export const wish = {
  pupilId: 'pupil-01',
  kind: 'enrolmentCertificate',
  language: 'ja',
  copies: 2,
  purpose: 'studyAbroad',
  consent: true,
};
