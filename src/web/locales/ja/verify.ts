export const verifyJa = {
  'verifier.title': '書類を検証する',
  'verify.lead':
    '引継ぎのコンテナ、証拠、封緘された目録、電子証明、PDFが本物かどうかを、ログインせずに確かめられます。ファイルはこのブラウザの中だけで調べ、どこにも送りません。証明書については、書かれているコードだけをこのサイトに尋ね、今も有効かを確かめます。',
  'code.title': '証明書をコードで調べる',
  'code.lead': '紙の証明書が今も有効かを、カメラを使わずに調べます。氏名は表示されません。',
  'code.label': '紙に書かれたコード',
  'code.hint':
    '一つ目のQRコードのわきにあるアドレスの、最後の16文字です。空白、ハイフン、小文字、全角のままでもかまいません。',
  'code.look': '今の状態を調べる',
  'code.wrong-empty': '紙に書かれたコードを入れてください。',
  'code.wrong-number':
    'これは証明書番号です。一つ目のQRコードのわきにあるアドレスの、最後の16文字（コード）を入れてください。',
  'code.wrong-characters':
    'コードに使われるのは、AからZの英字と、2から7の数字だけです。0、1、8に見えるものは、O、I、Bです。',
  'code.wrong-length': 'コードは16文字です。抜けた文字や、重なった文字がないか確かめてください。',
  'verify.files': 'ファイルを選ぶ',
  'verify.drop': 'ここへファイルを置くか、下のボタンで選んでください。',
  'verify.files-hint':
    '一度に20個、1個64MBまで。証拠（.jws.json）は、台帳の証明（.tlog-proof）と一緒に選ぶと、台帳への記載も確かめます。更新記録（renewal.json）や、立会人の方針（policy.txt）も一緒に選べます。',
  'verify.paste': 'または、中身を貼り付ける',
  'verify.paste-hint':
    '電子証明や、証明書の二つ目のQRコードの文字（ey で始まるもの）、証拠、目録の文字（{ で始まるもの）を貼り付けます。',
  'verify.button': '貼り付けたものを検証する',
  'verify.camera': 'カメラでQRコードを読む',
  'verify.video': 'カメラの画像',
  'verify.results': '結果',
  'verify.none': 'ファイルを選ぶと、ここに結果が出ます。',
  'verify.no-script':
    'この画面で検証するには、ブラウザのJavaScriptが必要です。使えないときは、次のどれかで確かめられます。',
  'verify.print': '結果を印刷する',
  'verify.by-command': 'コマンド: hikitsugi verify ファイル --trust 信頼リスト（どこにも送りません）',
  'verify.by-api': 'API: POST /api/verifications（ファイルをこのサーバーに送ります）',
  'verify.by-hand': 'opensslなどの一般の道具: 手順書 docs/verify-by-hand.md（このソフトウェアに付属）',
  'verify.offline': 'ネットワークなしで検証する',
  'verify.offline-lead':
    '1つのファイル（verify.html）を保存しておくと、ネットワークにつながらない所でも、この画面と同じように検証できます。その日の信頼リストと失効リストが入っています。失効リストには期限があるので、ときどき保存し直してください。',
  'verify.save': 'verify.htmlを保存する',
  'verify.trust': '信頼リストを保存する',
  'verify.link': '書類を検証する',
} as const;
