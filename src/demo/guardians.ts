export interface DemoGuardian {
  readonly id: string;
  readonly pupil: string;
  readonly name: string;
  readonly kana: string;
  readonly relation: 'father' | 'mother';
  readonly custody: 'sole' | 'joint';
  readonly state: 'confirmed' | 'disputed';
}

/** As the schools have entered and confirmed them: two with joint custody, one in dispute, one of a pupil soon of age. */
export const demoGuardians: readonly DemoGuardian[] = [
  guardian('kenichi', 'pupil-01', ['葛城　健一', 'カツラギ　ケンイチ'], { relation: 'father', custody: 'joint' }),
  guardian('mayumi', 'pupil-01', ['西園寺　真由美', 'サイオンジ　マユミ'], { custody: 'joint' }),
  guardian('fumi', 'pupil-02', ['辻　文', 'ツジ　フミ'], {}),
  guardian('yoko', 'pupil-03', ['吉田　洋子', 'ヨシダ　ヨウコ'], { custody: 'joint' }),
  guardian('tsuyoshi', 'pupil-03', ['吉田　剛', 'ヨシダ　ツヨシ'], {
    relation: 'father',
    custody: 'joint',
    state: 'disputed',
  }),
  guardian('daisuke', 'pupil-04', ['斎藤　大輔', 'サイトウ　ダイスケ'], { relation: 'father' }),
  guardian('aya', 'pupil-05', ['勘解由小路　綾', 'カデノコウジ　アヤ'], {}),
  guardian('misaki', 'pupil-11', ['南　美咲', 'ミナミ　ミサキ'], {}),
];

function guardian(
  id: string,
  pupil: string,
  [name, kana]: readonly [string, string],
  more: Partial<Pick<DemoGuardian, 'relation' | 'custody' | 'state'>>,
): DemoGuardian {
  return { id: `guardian-${id}`, pupil, name, kana, relation: 'mother', custody: 'sole', state: 'confirmed', ...more };
}
