import type { DocumentForm, DocumentKind, MediaType } from '../records/kinds.ts';
import { beginForm, endForm, type FormFont, heading, line, newPage, openFormFont, table } from './form-pages.node.ts';
import { refuseInProduction } from './production.node.ts';
import {
  conductItems,
  gradeOf,
  markOf,
  recordCore,
  type SampleSubject,
  subjects,
  viewpoints,
} from './sample-record.ts';

export interface SampleDocument {
  readonly fileName: string;
  readonly kind: DocumentKind;
  readonly form: DocumentForm;
  readonly title: string;
  readonly mediaType: MediaType;
  readonly bytes: Uint8Array;
}

/** What a school sends for one pupil: 指導要録 as PDF and as JSON core, both health cards, 在学証明書. */
export async function makeSampleDocuments(of: SampleSubject, givenFont?: FormFont): Promise<readonly SampleDocument[]> {
  refuseInProduction('sample documents');
  const font = givenFont ?? (await openFormFont());
  const core = new TextEncoder().encode(`${JSON.stringify(recordCore(of), null, 2)}\n`);
  const pdf = async (
    fileName: string,
    document: Omit<SampleDocument, 'fileName' | 'mediaType' | 'bytes'>,
    make: Make,
  ) => ({ fileName, ...document, mediaType: 'application/pdf', bytes: await make(font, of) }) as const;
  return [
    await pdf(
      'shidoyoroku.pdf',
      { kind: 'cumulativeRecord', form: 'extract', title: '指導要録（抄本）' },
      cumulativeRecord,
    ),
    {
      fileName: 'shidoyoroku.json',
      kind: 'cumulativeRecordCore',
      form: 'extract',
      title: '指導要録（抄本）データ',
      mediaType: 'application/json',
      bytes: core,
    },
    await pdf('kenkoshindan.pdf', { kind: 'healthCard', form: 'original', title: '生徒健康診断票' }, healthCard),
    await pdf('shika.pdf', { kind: 'dentalCard', form: 'original', title: '歯・口腔の検査票' }, dentalCard),
    await pdf(
      'zaigaku.pdf',
      { kind: 'enrolmentCertificate', form: 'original', title: '在学証明書' },
      enrolmentCertificate,
    ),
  ];
}

type Make = (font: FormFont, of: SampleSubject) => Promise<Uint8Array>;

async function cumulativeRecord(font: FormFont, of: SampleSubject): Promise<Uint8Array> {
  const { pupil, school } = of;
  const form = await beginForm(font, pupil.nonStandardCharacters, '指導要録（抄本）');
  heading(form, '生徒指導要録（抄本）');
  heading(form, '様式１（学籍に関する記録）', 12);
  table(form, [1, 3], personRows(of));
  table(
    form,
    [1, 3],
    [
      ['保護者氏名', of.guardian],
      ['保護者現住所', '生徒の欄に同じ'],
      ['入学前の経歴', 'ひばり野市立見本東小学校卒業'],
      ['入学', '令和６年４月８日　第１学年入学'],
      ['転入学・転学・退学等', ''],
      ['卒業', '令和９年３月　　日　見込み'],
      ['学校名及び所在地', `${school.name}　埼玉県${school.town}見本町４－５－６`],
    ],
  );
  table(
    form,
    [1, 1, 1, 1, 2, 2],
    [
      ['年度', '学年', '学級', '整理番号', '校長氏名', '学級担任者氏名'],
      ...[1, 2, 3].map((grade) => [
        `令和${5 + grade}年度`,
        String(grade),
        pupil.homeroom,
        String(Number(pupil.id.slice(-2))),
        of.principal,
        of.homeroomTeacher,
      ]),
    ],
  );
  newPage(form);
  heading(form, '様式２（指導に関する記録）', 12);
  table(
    form,
    [2, 2, 3, 3, 1],
    [
      ['教科', ...viewpoints, '評定'],
      ...subjects.map((name, subject) => [
        name,
        ...viewpoints.map((_, viewpoint) => markOf(pupil, subject, viewpoint)),
        String(gradeOf(pupil, subject)),
      ]),
    ],
  );
  table(
    form,
    [1, 4],
    [
      ['総合的な学習の時間', '地域の川の水質を調べ、結果を市役所で発表した。'],
      ['特別活動', '学級活動○　生徒会活動○　学校行事○'],
      ['行動の記録', conductItems.filter((_, index) => (index + Number(pupil.id.slice(-2))) % 3 === 0).join('○　')],
      ['総合所見', '図書委員として読書週間を企画した。英語検定準２級に合格した。'],
    ],
  );
  table(
    form,
    [1, 1, 2, 1, 1, 1],
    [
      ['学年', '授業日数', '出席停止・忌引等の日数', '欠席日数', '出席日数', '備考'],
      ...[1, 2, 3].map((grade) => [
        String(grade),
        '203',
        grade === 2 ? '2' : '0',
        String(grade),
        String(203 - grade),
        '',
      ]),
    ],
  );
  line(form, `上記は原本の抄本である。　${japaneseDay(of.madeOn)}　${school.name}長　${of.principal}`);
  return endForm(form);
}

async function healthCard(font: FormFont, of: SampleSubject): Promise<Uint8Array> {
  const form = await beginForm(font, of.pupil.nonStandardCharacters, '生徒健康診断票');
  heading(form, '生徒健康診断票（一般）');
  table(form, [1, 3], personRows(of));
  table(
    form,
    [2, 1, 1, 1],
    [
      ['年度', '令和６', '令和７', '令和８'],
      ['年齢', '12', '13', '14'],
      ['身長 (cm)', '152.3', '158.1', '161.0'],
      ['体重 (kg)', '43.2', '47.9', '50.4'],
      ['栄養状態', '', '', ''],
      ['脊柱・胸郭・四肢', '異常なし', '異常なし', '異常なし'],
      ['視力 右（矯正）', 'A（　）', 'B（A）', 'B（A）'],
      ['視力 左（矯正）', 'A（　）', 'A（　）', 'B（A）'],
      ['目の疾病及び異常', '', '', ''],
      ['聴力 右・左', '', '', ''],
      ['耳鼻咽頭疾患', 'アレルギー性鼻炎', '', ''],
      ['皮膚疾患', '', '', ''],
      ['結核', '異常なし', '異常なし', '異常なし'],
      ['心臓（心電図）', '異常なし', '', ''],
      ['尿（蛋白・糖）', '－・－', '－・－', '－・－'],
      ['学校医 所見', '健康', '健康', '健康'],
      ['学校医 月日', '５月13日', '５月12日', '５月14日'],
      ['事後措置', '', '受診のすすめ（視力）', ''],
    ],
  );
  return endForm(form);
}

async function dentalCard(font: FormFont, of: SampleSubject): Promise<Uint8Array> {
  const form = await beginForm(font, of.pupil.nonStandardCharacters, '歯・口腔の検査票');
  heading(form, '生徒健康診断票（歯・口腔）');
  table(form, [1, 3], personRows(of));
  table(
    form,
    [2, 1, 1, 1],
    [
      ['年度', '令和６', '令和７', '令和８'],
      ['顎関節', '0', '0', '0'],
      ['歯列・咬合', '0', '1', '1'],
      ['歯垢の状態', '1', '0', '0'],
      ['歯肉の状態', '1', '0', '0'],
      ['現在歯数', '26', '28', '28'],
      ['未処置歯数', '1', '0', '0'],
      ['処置歯数', '2', '3', '3'],
      ['喪失歯数', '0', '0', '0'],
      ['学校歯科医 所見', 'C', '', ''],
    ],
  );
  return endForm(form);
}

async function enrolmentCertificate(font: FormFont, of: SampleSubject): Promise<Uint8Array> {
  const form = await beginForm(font, of.pupil.nonStandardCharacters, '在学証明書');
  form.y -= 60;
  heading(form, '在　学　証　明　書', 22);
  form.y -= 40;
  table(form, [1, 3], personRows(of), 28);
  form.y -= 20;
  line(form, `上記の者は、本校第${of.pupil.grade}学年に在学していることを証明する。`, 12);
  form.y -= 30;
  line(form, japaneseDay(of.madeOn), 12);
  line(form, of.school.name, 12);
  line(form, `校長　${of.principal}`, 12);
  return endForm(form);
}

function personRows({ pupil, school }: SampleSubject): string[][] {
  return [
    ['ふりがな', pupil.kana],
    ['氏名', pupil.officialName],
    ['生年月日', japaneseDay(pupil.birthDate)],
    ['現住所', `埼玉県${school.town}見本町１－２－３`],
    ['学校・学級', `${school.name}　${pupil.homeroom}`],
  ];
}

function japaneseDay(day: string): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return year >= 2019 && day >= '2019-05-01'
    ? `令和${year - 2018}年${month}月${date}日`
    : `平成${year - 1988}年${month}月${date}日`;
}
