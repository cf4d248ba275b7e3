import type { LogFinding } from '../../audit/log-findings.ts';

/** What was found wrong with a log or with own entries, by code; places in braces are those of the finding. */
export const findingTexts: Readonly<Record<LogFinding['code'], Readonly<Record<'ja' | 'en', string>>>> = {
  'checkpoint.missing': { ja: 'チェックポイントがありません', en: 'there is no checkpoint' },
  'checkpoint.refused': {
    ja: 'チェックポイントは台帳の鍵で署名されていません（{reason}）',
    en: 'the checkpoint is not signed by the key of the log ({reason})',
  },
  'quorum.missing': {
    ja: '確かめた立会人が足りません（確かめた立会人: {cosigned}）',
    en: 'too few witnesses of the policy have cosigned (those that have: {cosigned})',
  },
  'older-checkpoint.refused': {
    ja: '前に確かめたチェックポイントが、この台帳の鍵で署名されていません（{reason}）',
    en: 'the checkpoint of before is not signed by the key of this log ({reason})',
  },
  'older-checkpoint.inconsistent': {
    ja: '前に確かめた {size} 件の台帳から伸びたものではありません。書き換えられたか、別の台帳を見せられています',
    en: 'this log has not grown out of the one of {size} entries seen before: it was rewritten, or another one is shown',
  },
  'older-checkpoint.larger': {
    ja: '前に確かめた台帳は {size} 件ありました。巻き戻されています',
    en: 'the log seen before had {size} entries: this one was rolled back',
  },
  'root.mismatch': {
    ja: '{size} 件のタイルは、署名された値になりません',
    en: 'the tiles of {size} entries do not lead to the signed root',
  },
  'tile.missing': { ja: 'タイルがありません: {path}', en: 'a tile is missing: {path}' },
  'tile.malformed': {
    ja: 'タイルの長さが正しくありません: {path}',
    en: 'a tile is not as long as it should be: {path}',
  },
  'tile.mismatch': { ja: 'タイルが書き換えられています: {path}', en: 'a tile was altered: {path}' },
  'entry.altered': { ja: '{index} 番目の記載が書き換えられています', en: 'entry {index} was altered' },
  'entry.malformed': { ja: '{index} 番目の記載を読み取れません', en: 'entry {index} cannot be read' },
  'entry.missing': { ja: '{index} 番目の記載がありません', en: 'entry {index} is missing' },
  'entry.not-included': {
    ja: '{index} 番目の記載は、台帳にあるものと違います',
    en: 'entry {index} is not what the log has there',
  },
  'entry.withheld': {
    ja: '証拠にある {index} 番目の記載が、渡されていません',
    en: 'entry {index}, of which there is a receipt, was not handed over',
  },
  'slice.gap': {
    ja: '連番の {missing} が抜けています（次の記載は台帳の {index} 番目）',
    en: 'number {missing} of the sequence is missing (the next one is entry {index} of the log)',
  },
  'slice.repeated': {
    ja: '連番の {seq} が、順番と違うところにあるか、二つあります（台帳の {index} 番目）',
    en: 'number {seq} of the sequence is out of order or there twice (entry {index} of the log)',
  },
  'slice.short': {
    ja: '連番の {missing} より後の記載が、渡されていません。台帳は、それがあることに署名しています',
    en: 'nothing from number {missing} on was handed over, and the log has signed that there is more',
  },
  'slice.understated': {
    ja: '台帳が署名した件数は、少なすぎました（台帳の {index} 番目の記載が数えられていません）',
    en: 'the log signed too small a number: it did not count entry {index}',
  },
  'slice.foreign': { ja: '{index} 番目の記載は、ほかの機関のものです', en: 'entry {index} is somebody else’s' },
  'slice.changed': {
    ja: '前と違う区分（{slice}）を見せられています',
    en: 'another slice ({slice}) is shown than before',
  },
  'statement.refused': {
    ja: '件数の証明が、台帳の鍵で署名されていません（{reason}）',
    en: 'the statement of its size is not signed by the key of the log ({reason})',
  },
  'statement.other-owner': {
    ja: '件数の証明は、ほかの機関のものです',
    en: 'the statement of its size is somebody else’s',
  },
  'statement.other-key': {
    ja: '区分の鍵が、件数の証明と合いません',
    en: 'the key of the slice does not fit the statement of its size',
  },
  'statement.other-history': {
    ja: '件数の証明は、公開されているのとは別の台帳（{size} 件）のものです',
    en: 'the statement is about another log of {size} entries than the public one',
  },
  'statement.newer': {
    ja: '件数の証明は {size} 件の台帳のものです。公開の台帳を取り直してください',
    en: 'the statement is about a log of {size} entries: fetch the public log anew',
  },
  'echo.missing': {
    ja: '{time} の書き出しそのものの記載が、4時間たっても現れません。新しい記載が隠されています',
    en: 'the entry of the export of {time} has not appeared within four hours: new entries are being kept back',
  },
  'detail.other': {
    ja: '開示された {index} 番目の内容は、台帳が約束したものと違います',
    en: 'what was disclosed of entry {index} is not what the log committed to',
  },
  'detail.unknown': {
    ja: '内容が開示された {index} 番目の記載は、渡された中にありません',
    en: 'entry {index}, of which something was disclosed, is not among those handed over',
  },
};
