export const verifyJa = {
  'verifier.title': '書類を検証する',
  'verify.lead':
    '引継ぎのコンテナ、証拠、封緘された目録、電子証明、PDFが本物かどうかを、ログインせずに確かめられます。ファイルはこのブラウザの中だけで調べ、どこにも送りません。',
  'verify.files': 'ファイルを選ぶ',
  'verify.drop': 'ここへファイルを置くか、下のボタンで選んでください。',
  'verify.files-hint':
    '一度に20個、1個64MBまで。証拠（.jws.json）は、台帳の証明（.tlog-proof）と一緒に選ぶと、台帳への記載も確かめます。',
  'verify.paste': 'または、中身を貼り付ける',
  'verify.paste-hint': '電子証明の文字（ey で始まるもの）や、証拠、目録の文字（{ で始まるもの）を貼り付けます。',
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
