import { verificationJa } from '../../verification/texts/ja.ts';

/** Every text of the command line, in Japanese; `en.ts` has the same keys. */
export const ja = {
  ...verificationJa,
  help: `hikitsugi: 児童生徒の記録を次の学校へ送り、受け取り、手元で検証する

使い方: hikitsugi <コマンド> [引数] [--json] [--lang ja|en] [--profile 名前またはパス]

  login        校務支援システムとして接続先を登録する
  pupils       自校の名簿を見る
  send         起案・書類の送信・決裁の依頼、決裁後の封緘と預け入れ
  seal         決裁後の封緘を、学校自身の鍵でこの端末で行う
  inbox        届いたもの（--sent で送るもの）の一覧
  show         一件の今の状態
  open         受取番号または児童生徒の照合で開く
  download     書類とASiC-Eコンテナを保存する
  acknowledge  受領書を出す
  return       開けずに差し戻す
  withdraw     開かれる前に取り下げる
  receipts     署名付きの証拠と台帳の証明
  verify       コンテナ・証拠・目録・PDFを手元で検証する
  verify-log   書き出した台帳を手元で検証する
  export-log   台帳の公開部分を取得
  witness      教育委員会などの立会人として、台帳の成長に連署

終了コード: 0 正常　1 検証に不合格、または断られた　2 使い方の誤り　3 確かめられない
コマンドごとの説明: hikitsugi <コマンド> --help`,
  'help.login': `hikitsugi login --origin https://… --client ID --key 鍵ファイル

校務支援システムとしてログインできることを確かめ、接続先を本人だけが読める設定ファイル（0600）に保存します。
鍵は JWK または PKCS#8 PEM（P-256: ES256、RSA: RS256）。鍵そのものは写しません。`,
  'help.pupils': `hikitsugi pupils

自校の名簿（ID・学級・氏名・ふりがな）を表示します。`,
  'help.send': `hikitsugi send --pupil ID (--to 学校コード | --code 受取番号) [--kind advancement|schoolTransfer]
               [--purpose 文] [--incomplete] [--no-submit] 種類[:形式[:題名]]=ファイル …
hikitsugi send --case ID [種類=ファイル …]            途中から続ける
hikitsugi send --case ID --seal --confirm 下4桁 --deposit   決裁のあと

起案し、書類を Repr-Digest 付きで送り、決裁を依頼します。決裁は人がします。
--confirm は送付先の学校コードの下4桁。目で確かめて入力してください。
種類: cumulativeRecord cumulativeRecordCore priorRecord healthCard dentalCard enrolmentCertificate
      textbookCertificate transcript creditCertificate admissionReport accidentInsuranceStatus other
形式: original（原本） copy（写し） extract（抄本）`,
  'help.inbox': `hikitsugi inbox [--sent] [--state 状態] [--all]

届いたもの（--sent で送るもの）を新しい順に表示します。`,
  'help.show': `hikitsugi show 番号

一件の状態、書類、検証結果を表示します。`,
  'help.open': `hikitsugi open 番号 (--code 受取番号 | --kana ふりがな --birth-date YYYY-MM-DD) [--homeroom 学級]

照合してから開き、封緘・発行者・時刻・内容を検証します。不合格なら 1、確かめられなければ 3 で終わります。`,
  'help.download': `hikitsugi download 番号 (--all | --container records|health … | --document ID …) [--out フォルダ]

ファイルは、完全に届いて内容が一致したときにだけ現れます。`,
  'help.acknowledge': `hikitsugi acknowledge 番号

受領書を出します。健康診断票の保管はこのとき移ります。`,
  'help.return': `hikitsugi return 番号 --reason 理由

開けずに差し戻します。`,
  'help.withdraw': `hikitsugi withdraw 番号 … --reason 理由

開かれる前に取り下げます。一度に200件まで。一件ずつ結果を示します。
一件でも取り下げられなければ、終了コードは1です。`,
  'help.receipts': `hikitsugi receipts 番号 [--out フォルダ] [--wait 秒]

署名付きの証拠の一覧。--out で証拠と台帳の証明（.tlog-proof）を保存します。`,
  'help.verify': `hikitsugi verify ファイル … --trust フォルダまたはtrust.json [--crl フォルダ] [--proof ファイル.tlog-proof] [--renewal ファイル.renewal.json]

ASiC-Eコンテナ、証拠（JWS）、封緘された目録（JWS）、PDFを、どのサーバーにも問い合わせずに検証します。
--trust のフォルダには trust.json と、それに署名した gateway-evidence.pem を置きます。
--crl は失効リスト（*.crl）のフォルダ。ないと失効は「確かめられない」になります。
電子証明（SD-JWT VC）では --status-list ファイル で失効の一覧を渡します。--fetch-status は、信頼できる発行者の一覧だけを
取りに行きます（ほかには何も問い合わせません）。--audience 宛先 --nonce 番号 は、持ち主が示したものかを確かめます。
--shared-with 名前 は、共有で受け取ったものが自分あてかを確かめます。
証明書の二つ目のQRコード（読み取った文字をファイルに入れたもの）では --seal ファイル で電子シールの証明書（PEM）を渡します。
いっしょに指定したPDFと同じ証明書のものかも確かめます。
終了コード: 0 すべて有効　1 不合格　3 確かめられないものがある`,
  'help.verify-log': `hikitsugi verify-log フォルダ (--trust フォルダ | --log-key 鍵) [--policy ファイル] [--older 以前のcheckpoint] [--proof ファイル …]

書き出した台帳の署名、木全体、記載を検証します。--older は、そこから伸びたものであることも、
--policy（C2SP tlog-policy）は、十分な数の立会人が確かめたことも検証します。`,
  'help.export-log': `hikitsugi export-log --out フォルダ [--year 年度] [--origin https://…]

公開されている台帳（checkpoint とハッシュのタイル）を書き出します。ログインは要りません。`,
  'help.witness': `hikitsugi witness --folder フォルダ --name 名前 --new
hikitsugi witness --folder フォルダ --name 名前 --log 台帳の鍵 … [--host 127.0.0.1] [--port 8790]

立会人（C2SP tlog-witness）を、終えるまで動かします。台帳が正しく伸びたときだけ連署し、一つの台帳の二つの歴史には決して連署しません。
--new は鍵と空の記録を一度だけ作り、方針ファイルに書く鍵を表示します。確かめた内容はフォルダにあります。フォルダを失った立会人は、
新しい鍵で始め直します。二つ目の歴史を示した要求は evidence/ に残します。前にHTTPSのプロキシを置いてください。`,

  'usage.hint': '使い方: hikitsugi --help、hikitsugi <コマンド> --help',
  'usage.command': '「{command}」というコマンドはありません',
  'usage.option': '引数に誤りがあります（{reason}）',
  'usage.operandMissing': '引数が足りません',
  'usage.operandTooMany': '余分な引数があります: {operand}',
  'usage.lang': '--lang は ja または en です',
  'usage.oneOf': '{option}: 次のどれかです: {allowed}',
  'usage.login': '--origin、--client、--key が必要です',
  'usage.origin': '{origin}: https:// の接続先を指定してください（http はこの計算機だけ）',
  'help.seal': `hikitsugi seal 案件 ファイル … --key 秘密鍵.pem --certificates 証明書.pem --confirm 末尾4桁

決裁された書類一式を、学校自身の封緘の鍵で、この端末で封緘します。鍵は送られません。署名の前に、目録が
指定したファイルと送付先（入力した末尾の桁）に一致することを確かめます。`,
  'usage.seal': '--key と --certificates が必要です',
  'usage.send': '--pupil と、--to または --code のどちらか一方が必要です（続きは --case）',
  'usage.confirm': '--seal には --confirm（送付先の学校コードの下4桁）が必要です',
  'usage.document': '「{operand}」: 書類は 種類[:形式[:題名]]=ファイル の形で指定します',
  'usage.mediaType': '{path}: pdf、json、jpg、png のファイルを指定してください',
  'usage.caseId': '「{id}」は番号の形ではありません',
  'usage.open': '--code、または --kana と --birth-date が必要です',
  'usage.reason': '--reason（理由）が必要です',
  'usage.download': '--all、--container、--document のどれかが必要です',
  'usage.noDocument': '{id}: この件にその書類はありません',
  'usage.wait': '--wait は秒数です',
  'usage.trust': '--trust（trust.json のあるフォルダ）が必要です',
  'usage.holder': '--audience と --nonce は一緒に使います',
  'usage.proof': '--proof は一通の証拠と一緒に使います',
  'usage.policy': '{path} の{line}行目: {reason}',
  'usage.witness': '--folder、--name と、--new か --log が必要です。--port は数字です',
  'usage.logKey': '--log-key は 名前+番号+鍵 の形です',
  'usage.exportLog': '--out が必要です。--year は4桁の年度です',

  'profile.missing': '設定がありません（{path}）。先に hikitsugi login を実行してください',
  'profile.malformed': '設定を読み取れません（{path}）。hikitsugi login をやり直してください',
  'key.missing': '鍵ファイルを読めません: {path}',
  'key.malformed': '使える鍵ではありません（P-256 または RSA の秘密鍵、JWK か PKCS#8 PEM）: {path}',
  'key.exposed': '注意: 鍵ファイルをほかの利用者も読めます。chmod 600 {path}',
  'login.done': '✓ {client} として {origin} に接続できました（{scope}）。設定: {path}',
  'login.refused': 'ログインできませんでした（HTTP {status}）。接続先・クライアントID・鍵・時計を確かめてください',
  'gateway.unreachable': '{origin} に接続できません',
  'file.missing': '読めません: {path}',
  'file.unknown': '{path}: コンテナ・証拠・目録・証明書のコード・PDFのどれでもありません',
  'trust.missing': '信頼リストがありません: {path}（{pin} も同じフォルダに必要です）',
  'trust.refused': '信頼リストの署名を確かめられません: {path}（{reason}）',
  'witness.made': '立会人を {folder} に作りました。方針ファイルに書く鍵:',
  'witness.listens': '立会人が {host}:{port} で待っています',
  'witness.ended': '立会人を終えました',
  'witness.fork': '! 台帳が二つ目の歴史を示しました。要求を証拠として残しました',
  'witness.unproven': '! 確かめた台帳から伸びたことが示されていないcheckpointです。要求を残しました',
  'witness.exists': '{folder} には立会人がすでにあるか、書き込めません',
  'witness.key': 'Ed25519の鍵（PKCS#8）でないか、名前が使えません: {path}',
  'witness.port': '{hostname}:{port} で待ち受けられません',
  'witness.state-damaged': '立会人の記録を読めません: {path}',
  'witness.state-in-use': 'ほかのプロセスが使っているか、すでにあります: {path}',
  'witness.state-missing': '立会人の記録がありません: {path}。同じ鍵で始め直してはいけません',
  'log.unreadable': '台帳を読めません: {path}',
  'log.keyUnknown': 'この台帳の鍵が信頼リストにありません',
  'log.counts': '記載 {size} 件（中身を確かめたもの {entries} 件、区分 {slices}）',
  'log.valid': '台帳は正しく、改ざんはありません',
  'log.invalid': '台帳は正しくありません',
  'download.cut': '途中で切れました。保存していません: {path}',
  'download.digest': '内容が封緘された値と一致しません。保存していません: {path}',
  'receipts.noProof': '? 台帳の証明がまだありません。あとでもう一度お試しください',
  'inbox.empty': 'ありません',
  'inbox.more': '… 続きがあります（--all）',
  'exportLog.done': '✓ {origin} の {size} 件を {folder} に書き出しました',

  'verdict.seal': '封緘',
  'sender-key.fingerprint': '送付元の鍵の指紋（SHA-256）',
  'sender-key.since': '送付元の鍵として登録',
  'sender-key.never': '登録がありません',
  'sender-key.unknown': '送付元が登録していない鍵で封をしています。送付元に電話で指紋を確かめてください',
  'sender-key.doubted': '鍵の登録が台帳の記録と一致しません。送付元に電話で指紋を確かめてください',
  'sender-key.new': '登録から30日たっていない鍵で封をしています。送付元に電話で指紋を確かめてください',
  'case.id': '番号',
  'case.state': '状態',
  'case.pupil': '児童生徒',
  'case.sender': '送付元',
  'case.recipient': '送付先',
  'state.draft': '起案中',
  'state.submitted': '決裁待ち',
  'state.approved': '決裁済み',
  'state.sealed': '封緘済み',
  'state.deposited': '預け入れ済み',
  'state.opened': '開封済み',
  'state.acknowledged': '受領済み',
  'state.returned': '差戻し',
  'state.withdrawn': '取下げ',
  'withdraw.withdrawn': '取り下げました',
  'withdraw.alreadyOpened': '開封済み',
  'withdraw.notWithdrawable': '取り下げる状態ではありません',
  'withdraw.notFound': '見つかりません',
  'withdraw.incident': '→ 開封されたもの：受け取った学校に電話し、校長と設置者に漏えいのおそれとして報告してください',
  'seal.differs': '封緘していません。目録が、指定されたものと違います（{what}）',
  'next.draft': '→ 書類をそろえて: hikitsugi send --case {id} 種類=ファイル …',
  'next.submitted': '→ 校長の決裁を待っています',
  'next.approved': '→ 学校を確かめて: hikitsugi send --case {id} --seal --confirm 下4桁 --deposit',
  'next.sealed': '→ hikitsugi send --case {id} --deposit',
  'next.none': '→ 証拠: hikitsugi receipts {id} --out フォルダ',
  'kind.cumulativeRecord': '指導要録',
  'kind.cumulativeRecordCore': '指導要録データ',
  'kind.priorRecord': '前籍校の記録',
  'kind.healthCard': '健康診断票',
  'kind.dentalCard': '歯・口腔の検査票',
  'kind.enrolmentCertificate': '在学証明書',
  'kind.textbookCertificate': '教科用図書給与証明書',
  'kind.transcript': '成績証明書',
  'kind.creditCertificate': '単位修得証明書',
  'kind.admissionReport': '調査書',
  'kind.accidentInsuranceStatus': '災害共済給付の状況',
  'kind.other': 'その他',
  'form.original': '原本',
  'form.copy': '写し',
  'form.extract': '抄本',
} as const;

export type CliTextKey = keyof typeof ja;
