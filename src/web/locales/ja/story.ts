/** The evidence of a case, and the ledger of a person. */
export const storyJa = {
  'story.open': '証拠をまとめて見る',
  'story.title': '証拠の流れ',
  'story.lead':
    'この案件で、だれがいつ何をしたか。一つ一つに、署名、時刻、台帳への記載が付いています。',
  'story.verify': '確かめる・保存する',
  'story.verify-lead':
    '証拠を一つのファイル（ASiC-E）に保存できます。インターネットにつながなくても、コマンド hikitsugi verify や検証ページで、一つずつ確かめられます。',
  'story.save': '証拠をまとめて保存',
  'story.verify-here': 'ここで確かめる',
  'story.print': '印刷する',
  'story.no-script':
    'この画面で確かめるには、スクリプトが必要です。保存したファイルは、コマンド hikitsugi verify で確かめられます。',
  'story.acts': '時間の順に',
  'story.none': 'まだ何もありません。',
  'story.cut': '行が多いため、はじめの300行だけを示しています。',
  'story.evidence': '証拠',
  'story.receipt': '署名された証拠',
  'story.signed-by-gateway': '引継ぎの証拠用の鍵で署名',
  'story.seal-signer': '封緘した学校の電子証明書',
  'story.seal-time': 'タイムスタンプの時刻',
  'story.unknown': '読み取れません',
  'story.log': '台帳への記載',
  'story.place': '{index}番目（{size}件の時点の台帳）',
  'story.waiting': 'まだ台帳に載っていません。数秒後に、もう一度開いてください。',
  'story.checkpoint': '署名された台帳',
  'story.witnesses': '連署した立会人',
  'story.no-witnesses': '立会人の連署はありません',
  'story.verify-receipt': 'この証拠を確かめる',
} as const;
