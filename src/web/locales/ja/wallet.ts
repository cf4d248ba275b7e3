/** Certificates in a wallet: asking somebody to show one, and putting one into it. */
export const walletJa = {
  'wallet-verifier.title': 'ウォレットの証明書を確かめる',
  'wallet-verifier.lead':
    '目の前の人に、スマートフォンのウォレットに入れた証明書を示してもらい、本物かどうかを確かめます。ログインはいりません。必要な項目だけを求めてください。',
  'wallet-verifier.kind-missing': '証明書の種類を選んでください。',
  'wallet-verifier.groups': '示してもらう項目',
  'wallet-verifier.groups-hint':
    '必要なものだけを選んでください。選ばないと、学校のコードと証明書の種類だけが示されます。',
  'wallet-verifier.group-name': '氏名',
  'wallet-verifier.group-birth': '生年月日',
  'wallet-verifier.group-school': '学校名と発行日',
  'wallet-verifier.group-subjects': '科目と成績',
  'wallet-verifier.nothing': 'なし（学校のコードと証明書の種類だけ）',
  'wallet-verifier.ask': '依頼を作る',
  'wallet-verifier.waiting': 'ウォレットでの提示を待っています',
  'wallet-verifier.answered': '提示を受け取りました',
  'wallet-verifier.released': '提示された証明書',
  'wallet-verifier.closed': '提示は終わりました',
  'wallet-verifier.scan':
    '証明書を持つ人に、ウォレットでこのQRコードを読み取ってもらってください。この端末のウォレットを使うときは、下のボタンで開きます。',
  'wallet-verifier.code': 'ウォレットで読み取るQRコード',
  'wallet-verifier.open': 'この端末のウォレットで開く',
  'wallet-verifier.look': '届いたかどうかを見る',
  'wallet-verifier.lasts': 'この依頼は10分間、1回だけ使えます。',
  'wallet-verifier.number': '確認番号を聞く',
  'wallet-verifier.number-lead':
    '提示した人の画面に、6けたの確認番号が出ています。その人から聞いて入力すると、内容を見られます。本人の承諾を確かめるためです。',
  'wallet-verifier.tries': 'あと{count}回まで入力できます。',
  'wallet-verifier.show': '内容を見る',
  'wallet-verifier.ended-declined': '提示した人が断ったか、求めた証明書がウォレットにありません。',
  'wallet-verifier.ended-number': '確認番号が5回違ったため、示された内容は消しました。',
  'wallet-verifier.again': '新しい依頼を作る',
  'wallet-verifier.shown-until': '{at}に表示。提示から10分で消えます。残すときは印刷してください。',
  'wallet-verifier.link': 'ウォレットの証明書を確かめる（ログイン不要）',
  'wallet-number.title': '証明書を示しました',
  'wallet-number.lead':
    '{kind}を示しました。相手の画面には、まだ何も出ていません。次の番号を相手に伝えると、相手は内容を見られます。',
  'wallet-number.number': '確認番号',
  'wallet-number.warning': '相手を確かめてから伝えてください',
  'wallet-number.warning-text':
    '依頼はだれでも作れます。自分から示そうとした相手でなければ、だれにも伝えず、この画面を閉じてください。10分で消えます。',
  'wallet-offer.title': 'ウォレットに入れる',
  'wallet-offer.lead':
    'スマートフォンのウォレット（OpenID4VCI 1.0 に対応したもの）に、この証明書を入れられます。入れたウォレットの鍵と結び付くので、ほかの人には使えません。',
  'wallet-offer.make': 'QRコードを出す',
  'wallet-offer.scan':
    'ウォレットでQRコードを読み取り、求められたら下の番号を入力してください。この端末のウォレットは、ボタンで開きます。',
  'wallet-offer.code': 'ウォレットで読み取るQRコード',
  'wallet-offer.open': 'この端末のウォレットで開く',
  'wallet-offer.pin': '受け取りの番号',
  'wallet-offer.pin-text':
    'この番号は、今だけ表示しています。ウォレットにだけ入力し、だれにも伝えないでください。5回違うと、このQRコードは使えなくなります。',
  'wallet-offer.warning': 'この画面をほかの人に見せないでください',
  'wallet-offer.until': 'QRコードと番号は{at}まで、1回だけ使えます。',
  'wallet-consent.title': 'ウォレットに証明書を渡す',
  'wallet-consent.lead': 'ウォレットが、次の証明書を受け取ろうとしています。自分で始めた操作なら、渡してください。',
  'wallet-consent.wallet': '戻る先のウォレット',
  'wallet-consent.agree': 'このウォレットに渡す',
  'wallet-consent.decline': '渡さない',
  'wallet-consent.back': 'ウォレットに戻る',
  'wallet-consent.back-lead': '次のボタンでウォレットに戻ると、手続きが終わります。1分以内に戻ってください。',
  'wallet-consent.return': 'ウォレットに戻る',
} as const;
