import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { defaultWording } from '../../../src/certificates/default-wording.ts';
import { type CertificateFont, openCertificateFont } from '../../../src/certificates/drawing/font.ts';
import type { RegisterFacts } from '../../../src/certificates/facts.ts';
import { certifiable } from '../../../src/certificates/rules.ts';
import { type CertificateLanguage, statementOf } from '../../../src/certificates/statement.ts';
import type { CertificateKind } from '../../../src/records/certificate-kinds.ts';
import type { CertificateStatement } from '../../../src/records/certificate-statement.ts';

export const graduate: RegisterFacts = {
  number: '第1024号',
  officialName: '見本　花子',
  nonStandardCharacters: [],
  kana: 'みほん　はなこ',
  nameEnglish: 'MIHON Hanako',
  birthDate: '2002-04-02',
  course: '普通科',
  grade: null,
  enrolledOn: '2018-04-08',
  leftOn: '2021-03-10',
  leaving: 'graduated',
  subjects: [
    { schoolYear: 2019, name: '国語総合', credits: 4, grade: 5 },
    { schoolYear: 2020, name: '総合的な探究の時間', credits: null, grade: 4 },
  ],
};

/** A statement as the issue makes it; whoever asks for what cannot be certified fails here. */
export function statementFor(
  asked: CertificateKind,
  of: { readonly facts?: RegisterFacts; readonly language?: CertificateLanguage; readonly issuedOn?: string } = {},
): CertificateStatement {
  const { facts = graduate, language = 'ja', issuedOn = '2023-06-01' } = of;
  const answer = certifiable(asked, facts, issuedOn);
  if (!answer.can) throw new Error(`${asked}: ${answer.reason}`);
  return statementOf(answer, {
    number: '2023-000017',
    copy: { number: 1, of: 2 },
    asked,
    language,
    issuedOn,
    assurance: 'certificate',
    school: { code: 'C111299900116', name: '見本市立山吹中学校', nameEnglish: 'Yamabuki Junior High School' },
    facts,
    wording: {
      ...defaultWording[answer.kind],
      principalJa: '校長　山吹　武',
      principalEn: 'Takeshi YAMABUKI, Principal',
    },
    verifyAt: 'https://gateway.example/c/ABCDEFGHJKMNPQRS',
  });
}

export async function testFont(): Promise<CertificateFont> {
  const require = createRequire(import.meta.url);
  const path = require.resolve('@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf');
  return openCertificateFont(new Uint8Array(await readFile(path)));
}
