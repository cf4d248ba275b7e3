export const boardJa = {
  'board.title': '監査',
  'board.lead': '管内の学校の送付が、期限どおりに届いているかを見ます。児童・生徒の名前も書類も表示しません。',
  'board.lead-school': '自校の送付が、期限どおりに届いているかを見ます。児童・生徒の名前も書類も表示しません。',
  'board.empty': '送付はまだありません',
  'board.log.link': '記録台帳を検証する',
  'board.log.title': '記録台帳の検証',
  'board.log.lead':
    '台帳にある自分の記載を書き出し、ご自身の計算機で検証します。記載には名前も書類も学校の番号もありません。',
  'board.log.slices': '書き出せる記載',
  'board.log.empty': '台帳に公開された記載はまだありません',
  'board.log.whose': '範囲',
  'board.log.of-board': '管内の記載すべて',
  'board.log.of-school': 'この機関だけの記載',
  'board.log.year': '年度',
  'board.log.entries': '件数',
  'board.log.files': '書き出し',
  'board.log.download': '{from}〜{to}件目を書き出す',
  'board.log.how': '検証のしかた',
  'board.log.how-lead': 'この画面の表示は、検証になりません。台帳を運営する側の表示だからです。',
  'board.log.step-entries': '上の書き出しと、公開の台帳（hikitsugi export-log --out log）を取ります。',
  'board.log.step-policy':
    '立会人の鍵を書いた方針ファイルを用意します。鍵は、この画面からではなく、立会人から直接受け取ってください。',
  'board.log.step-verify': '検証します（どこにも問い合わせません）。',
  'board.log.step-keep':
    '--state のファイルを残してください。次の検証で、台帳が後戻りや書き換えをされていないことが分かります。',
} as const;
