/**
 * Every refusal the gateway can give, in one table: a fault without a row does not compile.
 * `status` is the HTTP status; `as` is the code shown to the outside when the exact reason would tell too much
 * (authentication, signatures and "not yours" share one public face; the exact code goes to the audit log).
 */
interface FaultRow {
  readonly status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 410 | 412 | 413 | 415 | 422 | 429 | 500 | 501 | 503 | 507;
  readonly as?: string;
  readonly ja: readonly [title: string, advice: string];
  readonly en: readonly [title: string, advice: string];
}

const table = {
  // request
  'request.malformed': {
    status: 400,
    ja: ['入力に誤りがあります', '赤で示した項目を直して、もう一度送信してください。'],
    en: ['Some input is not valid', 'Correct the marked fields and send again.'],
  },
  'request.not-found': {
    status: 404,
    ja: ['ページが見つかりません', '住所を確かめるか、トップページからやり直してください。'],
    en: ['There is no such page', 'Check the address, or start again from the top page.'],
  },
  'verification.no-trust': {
    status: 503,
    ja: ['いまは検証できません', 'だれを信じるかの信頼リストが使えません。運営者が新しくするまで、お待ちください。'],
    en: ['Nothing can be verified now', 'The trust list cannot be used. Wait until the operator has renewed it.'],
  },
  'board.school-not-found': {
    status: 404,
    ja: ['その学校は見つかりません', '管内の学校の一覧から選んでください。'],
    en: ['There is no such school', 'Choose one from the list of your schools.'],
  },
  'closure.not-found': {
    status: 404,
    ja: ['その休業日は登録されていません', '暦を読み直してください。'],
    en: ['There is no such closure', 'Reload the calendar.'],
  },
  'closure.too-many': {
    status: 422,
    ja: ['休業日は60件までです', 'いらないものを取り消すか、続く日を1件にまとめてください。'],
    en: ['There are 60 closures already', 'Take back what is not needed, or enter days in a row as one.'],
  },
  'board.fixed-year': {
    status: 422,
    ja: [
      '集計の期間は自由に選べません',
      '差し引きで少ない件数が分かってしまわないよう、集計は年度（4月から翌年3月）ごとです。{first}年度から{last}年度までの一つを選んでください。',
    ],
    en: [
      'The period of figures cannot be chosen freely',
      'So that nobody can work out small numbers by subtraction, figures are given for one school year (April to March). Choose one from {first} to {last}.',
    ],
  },
  'request.cross-site': {
    status: 403,
    ja: ['別のサイトからの操作は受け付けません', 'この画面を開き直して、もう一度操作してください。'],
    en: ['Requests from another site are not accepted', 'Open this page again and repeat the action.'],
  },
  'request.too-large': {
    status: 413,
    ja: ['大きすぎます', '上限 {limit} までのファイルを送ってください。'],
    en: ['Too large', 'Send at most {limit}.'],
  },
  'request.idempotency-mismatch': {
    status: 422,
    ja: ['同じ受付番号で別の内容が送られました', '新しい Idempotency-Key で送り直してください。'],
    en: ['The idempotency key was used with another body', 'Send again with a new Idempotency-Key.'],
  },
  'request.in-progress': {
    status: 409,
    ja: ['同じ要求を処理中です', '少し待ってから、もう一度お試しください。'],
    en: ['The same request is still being processed', 'Wait a moment and try again.'],
  },
  'request.precondition-failed': {
    status: 412,
    ja: ['内容が先に変わっています', '画面を読み直してから、もう一度操作してください。'],
    en: ['It has changed in the meantime', 'Reload the page and try again.'],
  },
  'request.encoded': {
    status: 415,
    ja: ['圧縮された要求は受け付けません', 'Content-Encoding を付けずに送ってください。'],
    en: ['Encoded request bodies are not accepted', 'Send without Content-Encoding.'],
  },
  'request.too-often': {
    status: 429,
    ja: [
      '短い時間に操作が多すぎます',
      '{seconds} 秒待ってから、もう一度お試しください。送信した内容は保存されていません。',
    ],
    en: [
      'Too many requests in a short time',
      'Wait {seconds} seconds and try again. Nothing of what you sent was stored.',
    ],
  },
  // authentication: one public face
  'login.required': {
    status: 401,
    ja: ['ログインが必要です', 'ログインしてから、もう一度お試しください。'],
    en: ['Please log in', 'Log in and try again.'],
  },
  'login.refused': {
    status: 401,
    ja: [
      'ログインできませんでした',
      'ログインの画面から、もう一度はじめからお試しください。続く場合は学校または管理者に知らせてください。',
    ],
    en: [
      'The log-in did not succeed',
      'Start again from the log-in page. If it keeps failing, tell your school or the operator.',
    ],
  },
  'login.code-refused': {
    status: 401,
    ja: [
      '確認番号を確認できませんでした',
      'メールに書かれた 6 桁の番号を入力してください。続けて違うと用紙が使えなくなります。番号が届かないときは、はじめからやり直すか、学校に相談してください。',
    ],
    en: [
      'The number could not be confirmed',
      'Type the six digits from the mail. After a few wrong ones the paper stops working. If no number arrives, start again or ask the school.',
    ],
  },
  'login.cancelled': {
    status: 401,
    ja: ['ログインを取りやめました', 'ログインする場合は、もう一度はじめからお試しください。'],
    en: ['The log-in was cancelled', 'Start again from the log-in page if you wish to log in.'],
  },
  'login.entry-account': {
    status: 403,
    ja: [
      'gBizIDエントリーでは利用できません',
      'エントリーは本人確認のない区分です。設置者の gBizIDプライム、またはその gBizIDメンバーでログインしてください。',
    ],
    en: [
      'A GBizID entry account cannot be used',
      'Entry accounts are not vetted. Log in with the founder’s GBizID prime account or one of its member accounts.',
    ],
  },
  'login.no-membership': {
    status: 403,
    ja: [
      'このアカウントには、いま有効な学校の役割がありません',
      '学校の管理者に、学校と役割の登録（期間を含む）を確かめてもらってください。',
    ],
    en: [
      'This account has no role at any school today',
      'Ask your school’s administrator to check the registration of your school, role and period.',
    ],
  },
  'login.fresh-required': {
    status: 403,
    ja: [
      'もう一度ログインしてください',
      'この操作は、ログインから10分以内に限ります。ログインし直してから、もう一度操作してください。',
    ],
    en: ['Please log in once more', 'This act needs a log-in of the last ten minutes. Log in again and repeat it.'],
  },
  'login.not-checked': {
    status: 403,
    ja: [
      '電子証明書が失効していないことを確認できませんでした',
      '送付の状況は見られますが、書類を開くことと、学校や証明書とのつながりを増やすことはできません。時間をおいて、もう一度ログインしてください。',
    ],
    en: [
      'Nobody could say whether your certificate is still in force',
      'You can see what is on its way, but open no document and add no link and no certificate. Log in again a little later.',
    ],
  },
  'login.way-taken': {
    status: 409,
    ja: [
      'この証明書または認証アプリは、別の人のログイン方法として登録されています',
      'ご自身のものなら、いちどログアウトし、それでログインして「ログインの一覧」から外してから、もう一度加えてください。連携がすでにあるときは、学校に新しい連携番号を頼んでください。',
    ],
    en: [
      'This certificate or app already belongs to another person here',
      'If it is yours: log out, log in by it, take it away under “My log-ins”, and add it again here. If records are linked to it, ask the school for a new linking code instead.',
    ],
  },
  'login.last-way': {
    status: 409,
    ja: [
      '最後のログイン方法は外せません',
      '外すと、連携した記録を見られなくなります。先に別の方法を加えるか、連携を終えてください。',
    ],
    en: [
      'The last way to log in cannot be taken away',
      'Without it you could no longer see the records you are linked to. Add another way first, or end your links.',
    ],
  },
  'login-way.not-found': {
    status: 404,
    ja: ['そのログイン方法はありません', 'すでに外されています。一覧を読み直してください。'],
    en: ['There is no such way to log in', 'It has been taken away already. Reload the list.'],
  },
  'log-in.not-found': {
    status: 404,
    ja: ['そのログインの記録はありません', '一覧を読み直してください。'],
    en: ['There is no such log-in', 'Reload the list.'],
  },
  'login.provider-unavailable': {
    status: 503,
    ja: [
      '認証サービスに接続できません',
      '少し待ってから、もう一度お試しください。ログイン済みの方はそのまま利用できます。',
    ],
    en: ['The log-in service cannot be reached', 'Wait a moment and try again. Sessions that are open keep working.'],
  },
  'access-code.not-found': {
    status: 404,
    ja: ['その用紙は変えられません', 'すでに使えなくなっています。一覧を読み直してください。'],
    en: ['There is no such paper to change', 'It is no longer in use. Reload the list.'],
  },
  'access-code.no-channel': {
    status: 422,
    ja: [
      '確認番号の送り先がありません',
      '確認の済んだ保護者の登録に、連絡先のメールアドレスがある場合だけ、用紙を発行できます。保護者の登録を確かめてください。',
    ],
    en: [
      'There is nowhere to send the number',
      'A paper needs a confirmed guardian with a mail address. Check the records of the guardians.',
    ],
  },
  'session.not-found': {
    status: 404,
    ja: ['そのログインはありません', 'すでに終了しています。一覧を読み直してください。'],
    en: ['There is no such session', 'It has ended already. Reload the list.'],
  },
  'membership.not-found': {
    status: 404,
    ja: ['その学校と役割は選べません', '一覧から選び直してください。'],
    en: ['This school and role cannot be chosen', 'Choose again from the list.'],
  },
  'link.refused': {
    status: 422,
    ja: [
      '番号または生年月日を確認できませんでした',
      '学校から受け取った用紙と生年月日を確かめてください。期限切れや使用済みの場合は、学校に新しい番号を依頼してください。',
    ],
    en: [
      'The code or the birth date could not be confirmed',
      'Check the sheet from the school and the birth date. If the code is used or too old, ask the school for a new one.',
    ],
  },
  'link.locked': {
    status: 429,
    ja: ['失敗が続いたため、きょうはこれ以上確認できません', 'あす以降にやり直すか、学校に相談してください。'],
    en: ['Too many failed tries today', 'Try again tomorrow, or ask the school.'],
  },
  'link.not-found': {
    status: 404,
    ja: ['その連携はありません', '一覧を読み直してください。'],
    en: ['There is no such link', 'Reload the list.'],
  },
  'link.number-differs': {
    status: 422,
    ja: ['照合番号が違います', '連携を申し込んだ方に、画面に表示されている 6 桁の番号をもう一度聞いてください。'],
    en: ['The check number is another one', 'Ask the person again for the six digits on their page.'],
  },
  'linking-code.not-found': {
    status: 404,
    ja: ['取り消せる番号がありません', 'すでに使われたか、取り消されています。一覧を読み直してください。'],
    en: ['There is no such code to withdraw', 'It has been used or withdrawn. Reload the list.'],
  },
  'guardian.not-found': {
    status: 404,
    ja: ['その保護者の登録はありません', '一覧を読み直してください。'],
    en: ['There is no such guardian', 'Reload the list.'],
  },
  'guardian.four-eyes': {
    status: 403,
    ja: ['登録した人・番号を発行した人は確認できません', '別の教職員（担任・教頭・校長）が確認してください。'],
    en: [
      'Whoever entered it or issued the code may not confirm it',
      'Ask another: the homeroom teacher, the vice-principal or the principal.',
    ],
  },
  'guardian.own-name': {
    status: 403,
    ja: ['ご自身と同じ名前の登録は確認できません', '別の教職員が確認してください。'],
    en: ['You may not confirm a guardian of your own name', 'Ask another member of staff.'],
  },
  'guardian.wrong-state': {
    status: 409,
    ja: ['いまの状態ではできません', '一覧を読み直して、状態を確かめてください。確認中の登録は校長が決めます。'],
    en: ['Not possible in the present state', 'Reload the list. A dispute is the principal’s to settle.'],
  },
  'guardian.pupil-of-age': {
    status: 422,
    ja: ['成年に達した生徒には保護者を登録できません', '閲覧を認めるかどうかは、本人が決めます。'],
    en: ['The pupil is of age', 'Whether somebody may see the records is the pupil’s own decision.'],
  },
  'consent.not-possible': {
    status: 409,
    ja: [
      'この方への承諾は、ここではできません',
      '登録の状態によっては、学校での手続が必要です。学校に問い合わせてください。',
    ],
    en: ['You cannot give this consent here', 'The state of the records may call for the school. Please ask it.'],
  },
  'consent.not-of-age': {
    status: 422,
    ja: ['承諾できるのは、成年に達してからです', '18歳の誕生日から承諾できます。それまでは学校の登録によります。'],
    en: [
      'You can give consent once you are of age',
      'That is from your 18th birthday; until then the school’s records decide.',
    ],
  },
  'consent.given-already': {
    status: 409,
    ja: ['この方への承諾は、すでに有効です', '内容を変えるときは、今の承諾を取り消してから、改めて承諾してください。'],
    en: ['Your consent for this guardian is in force already', 'To change it, take it back and give it anew.'],
  },
  'consent.not-found': {
    status: 404,
    ja: ['この承諾はありません', 'すでに取り消されているかもしれません。一覧を確かめてください。'],
    en: ['There is no such consent', 'It may have been taken back already. Look at the list.'],
  },
  'guardian.too-many': {
    status: 422,
    ja: ['保護者の登録が多すぎます', '使っていない登録を終えてから、もう一度登録してください。'],
    en: ['Too many guardians', 'End those that are not needed, then enter again.'],
  },
  'client.not-found': {
    status: 404,
    ja: ['その校務支援システムは登録されていません', '一覧を読み直してください。'],
    en: ['There is no such school-affairs system', 'Reload the list.'],
  },
  'client.key-refused': {
    status: 422,
    ja: [
      'この公開鍵は登録できません',
      'P-256（ES256）または2048ビット以上のRSA（RS256）の公開鍵を、JWKまたはPEMで貼り付けてください。秘密鍵は送らないでください。',
    ],
    en: [
      'This public key cannot be registered',
      'Paste a public key as JWK or PEM: P-256 (ES256), or RSA of 2048 bits or more (RS256). Never send the private key.',
    ],
  },
  'client.private-key': {
    status: 422,
    ja: [
      '秘密鍵が貼り付けられました',
      '登録も保存もしていませんが、この鍵はもう使わないでください。新しい鍵の組を作り、公開鍵だけを貼り付けてください。',
    ],
    en: [
      'A private key was pasted',
      'It was neither registered nor stored, but do not use it any more. Make a new pair and paste only the public key.',
    ],
  },
  'client.key-known': {
    status: 409,
    ja: ['この公開鍵はすでに登録されています', 'システムごとに、新しい鍵の組を作ってください。'],
    en: ['This public key is registered already', 'Make a new pair of keys for each system.'],
  },
  'client.key-not-found': {
    status: 404,
    ja: ['その公開鍵は登録されていません', '画面を読み直してください。'],
    en: ['There is no such public key', 'Reload the page.'],
  },
  'client.too-many': {
    status: 409,
    ja: [
      'これ以上は登録できません',
      '使わないシステムや鍵を削除してください。1校に20システム、1システムに3つの鍵までです。',
    ],
    en: ['No more can be registered', 'Remove what is not used: 20 systems for a school, 3 keys for a system.'],
  },
  'client.health-unconfirmed': {
    status: 422,
    ja: [
      '健康診断票の権限には、もう一度の確認が必要です',
      '健康診断票を扱う権限を与えてよいか確かめ、確認の欄に印を付けてください。',
    ],
    en: [
      'Scopes for health cards need a second confirmation',
      'Make sure that this system may handle health cards, and tick the confirmation.',
    ],
  },
  'client.uploads-spent': {
    status: 429,
    ja: [
      '今日送れる書類の数に達しました',
      '日本時間の翌日にやり直してください。足りない場合は、学校の校長に上限の変更を依頼してください。',
    ],
    en: [
      'Today’s uploads of this system are spent',
      'Try again tomorrow, Japan time. If that is too few, ask the principal to raise the limit.',
    ],
  },
  'pupil.not-found': {
    status: 404,
    ja: ['その児童・生徒は見つかりません', '名簿から選び直してください。'],
    en: ['There is no such pupil', 'Choose again from the list.'],
  },
  'gateway.unavailable': {
    status: 503,
    ja: ['ただいま処理できません', '少し待ってから、もう一度お試しください。内容は失われていません。'],
    en: ['The service cannot do this right now', 'Wait a moment and try again. Nothing has been lost.'],
  },
  'gateway.not-set-up': {
    status: 503,
    ja: [
      'この環境では、まだ利用できません',
      'データベース、鍵、保管場所が結び付けられていません。運用者は docs/operations.md を見てください。',
    ],
    en: [
      'This installation is not set up yet',
      'Its database, keys and object store are not bound. Operators: see docs/operations.md.',
    ],
  },
  'gateway.broken': {
    status: 500,
    ja: ['内部の誤りです', '受付番号を添えて管理者に知らせてください。'],
    en: ['Internal error', 'Report the request number to the operator.'],
  },
  // authorisation
  'policy.denied': {
    status: 403,
    ja: ['この役割ではできません', '権限のある方に依頼してください。'],
    en: ['Your role may not do this', 'Ask somebody who may.'],
  },
  // recipient
  'recipient.mistyped': {
    status: 422,
    ja: ['学校コードが正しくありません', '13桁の学校コードを確かめてください。検査数字が合いません。'],
    en: ['This is not a school code', 'Check the 13 characters: the check digit does not fit.'],
  },
  'recipient.unknown': {
    status: 422,
    ja: ['この学校コードの学校はありません', '都道府県と学校名で探してください。'],
    en: ['No school has this code', 'Search by prefecture and name.'],
  },
  'recipient.own-school': {
    status: 422,
    ja: ['送付先が自校です', '送付先の学校を選び直してください。'],
    en: ['The recipient is your own school', 'Choose another school.'],
  },
  'recipient.closed': {
    status: 422,
    ja: ['この学校は閉校しています', '送付先を教育委員会に確かめてください。'],
    en: ['This school is closed', 'Ask the board of education where to send.'],
  },
  'recipient.closed-with-successor': {
    status: 422,
    ja: ['この学校は閉校しています', '引継ぎ先は「{successor}」（{code}）です。よければ選び直してください。'],
    en: ['This school is closed', 'Its successor is "{successor}" ({code}). Choose it if that is right.'],
  },
  'recipient.missing': {
    status: 409,
    ja: ['送付先が決まっていません', '送付先の学校を選んでください。'],
    en: ['There is no recipient yet', 'Choose the receiving school.'],
  },
  'recipient.not-confirmed': {
    status: 422,
    ja: ['送付先の確認が合いません', '送付先の学校コードの下4桁を入力してください。'],
    en: ['The recipient was not confirmed', "Type the last four digits of the recipient's school code."],
  },
  // transfers
  'case.not-found': {
    status: 404,
    ja: ['見つかりません', '番号を確かめてください。'],
    en: ['Not found', 'Check the number.'],
  },
  'case.wrong-state': {
    status: 409,
    ja: ['今の状態ではできません', '画面を読み直して、状態を確かめてください。'],
    en: ['Not possible in the present state', 'Reload the page and look at the state.'],
  },
  'withdrawals.none': {
    status: 422,
    ja: ['取り下げる記録が選ばれていません', '一覧で一件以上を選んでください。'],
    en: ['Nothing to withdraw was chosen', 'Choose at least one in the list.'],
  },
  'withdrawals.too-many': {
    status: 422,
    ja: ['一度に取り下げるには多すぎます', '一度に {limit} 件までです。分けて取り下げてください。'],
    en: ['Too many to withdraw at once', 'At most {limit} at once. Withdraw them in parts.'],
  },
  'withdrawals.twice': {
    status: 422,
    ja: ['同じ記録が二度選ばれています', '同じ番号を一つにして、もう一度送信してください。何も取り下げていません。'],
    en: ['The same case was chosen twice', 'Name each case once and send again. Nothing has been withdrawn.'],
  },
  'case.pupil-unknown': {
    status: 422,
    ja: ['この児童・生徒は見つかりません', '自校の名簿から選んでください。'],
    en: ['There is no such pupil', "Choose from your school's list."],
  },
  'case.empty': {
    status: 409,
    ja: ['書類がありません', '書類を一つ以上加えてください。'],
    en: ['There is no document', 'Add at least one document.'],
  },
  'case.incomplete': {
    status: 409,
    ja: ['そろっていない書類があります', '不足: {missing}。このまま進めるときは確認欄に印を付けてください。'],
    en: ['Documents are missing', 'Missing: {missing}. To go on without them, tick the confirmation.'],
  },
  'case.uploading': {
    status: 409,
    ja: ['送信が終わっていない書類があります', '送信を終えるか、その書類を取り除いてください。'],
    en: ['A document has not arrived completely', 'Finish its upload or remove it.'],
  },
  'acceptance.unknown': {
    status: 422,
    ja: ['受取番号が正しくありません', '転入学通知に書かれた受取番号を確かめてください。'],
    en: ['The acceptance code is not valid', 'Check the code on the admission notice.'],
  },
  'acceptance.mismatch': {
    status: 422,
    ja: [
      '受取番号も児童・生徒も一致しません',
      '受取番号、または ふりがなと生年月日を確かめてください。違う方のものなら、開けずに差し戻してください。',
    ],
    en: [
      'Neither the acceptance code nor the pupil matches',
      'Check the code, or the kana and the birth date. If it is not your pupil, return it unopened.',
    ],
  },
  'approval.own-draft': {
    status: 403,
    ja: ['起案した人は決裁できません', '別の方に決裁を依頼してください。'],
    en: ['Whoever drafted it may not approve it', 'Ask another person to approve.'],
  },
  'approval.content-changed': {
    status: 409,
    ja: ['決裁する内容が変わっています', '内容を読み直してから、もう一度決裁してください。'],
    en: ['The content has changed', 'Read it again, then approve.'],
  },
  'approval.missing': {
    status: 409,
    ja: ['有効な決裁がありません', '校長の決裁を受けてください。'],
    en: ['There is no valid approval', 'Ask the principal to approve.'],
  },
  'seal.key-missing': {
    status: 409,
    ja: ['封緘に使う鍵がありません', '校長が封緘用の鍵を登録してください。'],
    en: ['The school has no seal key', 'The principal has to register one.'],
  },
  'seal.key-not-yet': {
    status: 409,
    ja: ['封緘の鍵の登録が、まだ台帳に載っていません', '数秒待ってから、もう一度お試しください。'],
    en: ['The registration of the seal key is not in the log yet', 'Wait a few seconds and try again.'],
  },
  'seal.key-doubted': {
    status: 409,
    ja: [
      '封緘の鍵が、台帳の記録と一致しません',
      '封緘を止めています。校長が鍵を確かめ、もう一人の確認を得て登録し直してください。運用者にも知らせてください。',
    ],
    en: [
      'The seal key is not the one that the log says was registered',
      'Sealing has stopped. The principal has to look at the key and register it again, with a second person. Tell the operator too.',
    ],
  },
  'seal.key-refused': {
    status: 422,
    ja: [
      'この鍵は登録できません',
      '封緘用の証明書の入ったPKCS#12ファイルとパスワード、または学校名義の封緘用の証明書のファイルを確かめてください。',
    ],
    en: [
      'This key cannot be registered',
      'Check the PKCS#12 file with the seal certificate and its password, or the files of the school’s seal certificate.',
    ],
  },
  'seal.private-key': {
    status: 422,
    ja: [
      '秘密鍵の入ったファイルが送られました',
      '登録も保存もしていませんが、この鍵はもう使わないでください。新しい鍵の証明書を受け、証明書だけを送ってください。',
    ],
    en: [
      'A file with a private key was sent',
      'It was neither registered nor stored, but do not use it any more. Get a certificate for a new key and send the certificate alone.',
    ],
  },
  'seal.key-elsewhere': {
    status: 409,
    ja: [
      '封緘の鍵は、学校のシステムにあります',
      'この学校の封緘は、鍵を持つ校務支援システムから行ってください（API の seal-input、または hikitsugi seal）。',
    ],
    en: [
      'The seal key is with the school’s own system',
      'Seal from the system that holds the key (seal-input of the API, or hikitsugi seal).',
    ],
  },
  'seal.own-refused': {
    status: 422,
    ja: [
      '封緘を受け付けられません',
      '決裁された内容そのものを、登録された学校の鍵で、いま封緘したものだけを受け付けます。manifest を取り直してやり直してください。',
    ],
    en: [
      'The seal is not accepted',
      'Only a seal over exactly what was approved, by the school’s registered key, made now. Fetch the manifest again.',
    ],
  },
  'seal.time-unavailable': {
    status: 503,
    ja: ['時刻の証明を受けられません', '少し待ってから、もう一度封緘してください。内容は失われていません。'],
    en: ['No time stamp could be obtained', 'Wait a moment and seal again. Nothing has been lost.'],
  },
  'package.not-verified': {
    status: 409,
    ja: ['検証に合格していません', '検証の結果を確かめ、差し戻すか、管理者に知らせてください。'],
    en: ['The package has not passed verification', 'Look at the verdicts; return it or tell the operator.'],
  },
  'log.stalled': {
    status: 503,
    ja: [
      '記録台帳が止まっているため、預け入れを受け付けられません',
      '復旧するまでお待ちください。下書きと封緘は残っています。届いた記録は受け取れます。',
    ],
    en: [
      'The log has stopped, so nothing can be deposited',
      'Wait until it runs again. Drafts and seals are kept; what has arrived can be fetched.',
    ],
  },
  'proof.not-yet': {
    status: 409,
    ja: ['台帳の証明はまだできていません', '数秒待ってから、もう一度お試しください。'],
    en: ['The log proof is not ready yet', 'Wait a few seconds and try again.'],
  },
  'document.not-found': {
    status: 404,
    as: 'case.not-found',
    ja: ['見つかりません', '番号を確かめてください。'],
    en: ['Not found', 'Check the number.'],
  },
  'document.too-many': {
    status: 422,
    ja: ['書類が多すぎます', '一件に {limit} 点までです。'],
    en: ['Too many documents', 'A case carries at most {limit}.'],
  },
  'document.form-not-allowed': {
    status: 422,
    ja: ['この書類にその種別（原本・写し・抄本）は使えません', '種別を選び直してください。'],
    en: ['This kind of document does not have that form', 'Choose another form.'],
  },
  'document.truncated': {
    status: 400,
    ja: ['送信が途中で切れました', 'もう一度送信してください。途中までの内容は残していません。'],
    en: ['The upload was cut short', 'Send it again. Nothing of it was kept.'],
  },
  'document.digest-mismatch': {
    status: 400,
    ja: ['送信中に内容が変わりました', 'もう一度送信してください（Repr-Digest が一致しません）。'],
    en: ['The content changed on its way', 'Send it again (Repr-Digest does not match).'],
  },
  'document.digest-missing': {
    status: 400,
    ja: ['Repr-Digest がありません', 'sha-256 の Repr-Digest を付けて送信してください。'],
    en: ['Repr-Digest is missing', 'Send a Repr-Digest with sha-256.'],
  },
  'document.too-slow': {
    status: 408,
    ja: ['送信が遅すぎて中断しました', '回線を確かめて、もう一度送信してください。'],
    en: ['The upload was too slow and was ended', 'Check the line and send again.'],
  },
  'document.not-what-it-says': {
    status: 415,
    ja: [
      'ファイルの中身が種類と合いません',
      '{type} として送られましたが、中身が違います。正しいファイルを選んでください。',
    ],
    en: ['The file is not what it says', 'It was sent as {type} but holds something else. Choose the right file.'],
  },
  'document.active-content': {
    status: 422,
    ja: ['動作する内容を含むPDFは送れません', '{what} が含まれています。印刷用のPDFとして保存し直してください。'],
    en: ['PDFs with active content are refused', 'It contains {what}. Save it again as a plain PDF.'],
  },
  'document.encoding': {
    status: 422,
    ja: ['文字コードがUTF-8ではありません', 'UTF-8（BOMなし）で保存し直してください。'],
    en: ['The text is not UTF-8', 'Save it again as UTF-8 without BOM.'],
  },
  'document.damaged': {
    status: 422,
    ja: ['ファイルが壊れています', 'ファイルを開けるか確かめて、保存し直してください。'],
    en: ['The file is damaged', 'Check that it opens, and save it again.'],
  },
  'document.encrypted': {
    status: 422,
    ja: ['暗号やパスワードで保護されたPDFは送れません', '保護を外して保存し直してください。送るときに暗号化します。'],
    en: ['PDFs with a password or encryption are refused', 'Save it without protection. It is encrypted on its way.'],
  },
  'document.extra-content': {
    status: 422,
    ja: [
      'ファイルの終わりのうしろに余分な内容があります',
      '元のソフトで開いて保存し直すか、スキャンし直してください。',
    ],
    en: [
      'There is something behind the end of the file',
      'Open it in its program and save it again, or scan it again.',
    ],
  },
  'document.too-complex': {
    status: 422,
    ja: ['ファイルの構造が複雑すぎて確かめられません', '印刷用の簡単な形で保存し直すか、分けて送ってください。'],
    en: ['The file is too complex to be checked', 'Save it in a simpler form, as for printing, or send it in parts.'],
  },
  'document.core-invalid': {
    status: 422,
    ja: [
      '指導要録の構造化データの形式に合いません',
      '「{where}」を直してください。形式は文書「formats」の「JSON core」にあります。',
    ],
    en: [
      'This is not the structured core of a cumulative record',
      'Correct "{where}". The format is described in docs/formats.md, "JSON core".',
    ],
  },
  // protection orders
  'protection.not-found': {
    status: 404,
    as: 'case.not-found',
    ja: ['見つかりません', '番号を確かめてください。'],
    en: ['Not found', 'Check the number.'],
  },
  'protection.exists': {
    status: 409,
    ja: ['この児童・生徒の支援措置は、すでに登録されています', '一覧から開いて、内容を変えてください。'],
    en: ['This pupil is protected already', 'Open the order from the list and change it there.'],
  },
  'protection.four-eyes': {
    status: 403,
    ja: ['解除を求めた人は、解除を確認できません', '指名されている別の人（教頭・担任）が確認してください。'],
    en: [
      'Whoever asked for the end may not confirm it',
      'Another person who is named does: the vice-principal or the homeroom teacher.',
    ],
  },
  'protection.wrong-state': {
    status: 409,
    ja: ['いまの状態ではできません', '画面を読み直して、状態を確かめてください。'],
    en: ['Not possible in the present state', 'Reload the page and look at the state.'],
  },
  // alerts
  'alert.not-found': {
    status: 404,
    ja: ['知らせが見つかりません', '知らせの一覧から選び直してください。'],
    en: ['There is no such alert', 'Choose it again from the list of alerts.'],
  },
  'alert.own': {
    status: 403,
    ja: ['自分に関する知らせは処理できません', '校長・教頭または教育委員会の監査担当の、ほかの人に頼んでください。'],
    en: ['Nobody settles an alert about themselves', 'Ask another head of the school, or the board’s auditor.'],
  },
  'alert.wrong-state': {
    status: 409,
    ja: ['ほかの人が先に処理しました', '知らせを読み直してください。'],
    en: ['Somebody else was quicker', 'Look at the alert again.'],
  },
  'alert.threshold-wrong': {
    status: 422,
    ja: ['その目安にはできません', '{least} から {most} までの整数にしてください。'],
    en: ['That threshold is not possible', 'Choose a whole number from {least} to {most}.'],
  },
  // break-glass
  'break-glass.reason-missing': {
    status: 422,
    ja: ['緊急閲覧の理由が足りません', '理由の種類を選び、何が起きているかを15字以上で書いてください。'],
    en: [
      'The reason for breaking the glass is missing',
      'Choose its kind, and say in at least 15 characters what is happening.',
    ],
  },
  'break-glass.one-at-a-time': {
    status: 409,
    ja: ['緊急閲覧できるのは一度に一つの書類だけです', '開いているものを終えてから、もう一度お試しください。'],
    en: ['One document at a time can be opened by break-glass', 'End the one that is open, and try again.'],
  },
  'report.twice': {
    status: 409,
    ja: ['この行は、もう知らせてあります', '台帳の下の「知らせたこと」で、学校の答えを見られます。'],
    en: ['This line has been reported already', 'See the answer of the school below the ledger.'],
  },
  'report.not-found': {
    status: 404,
    ja: ['報告が見つかりません', '番号を確かめてください。'],
    en: ['There is no such report', 'Check its number.'],
  },
  'report.closed': {
    status: 409,
    ja: ['この報告は終わっています', '新しく分からないことがあれば、別の行から知らせてもらってください。'],
    en: ['This report is closed', 'What is not clear anew is reported from another line.'],
  },
  'report.unanswered': {
    status: 409,
    ja: ['まだ答えがありません', '答えてから終わりにしてください。'],
    en: ['It has not been answered yet', 'Answer it first; then it can be closed.'],
  },
  'hold.not-found': {
    status: 404,
    ja: ['保留が見つかりません', '一覧から選び直してください。'],
    en: ['There is no such hold', 'Choose it from the list again.'],
  },
  'break-glass.own': {
    status: 403,
    ja: ['自分の緊急閲覧は自分で確認できません', '別の人に確認を依頼してください。'],
    en: ['Nobody reviews their own break-glass', 'Ask somebody else to review it.'],
  },
  'break-glass.not-found': {
    status: 404,
    as: 'case.not-found',
    ja: ['見つかりません', '番号を確かめてください。'],
    en: ['Not found', 'Check the number.'],
  },
  'board-glass.one-at-a-time': {
    status: 409,
    ja: ['氏名を開けるのは一度に一つの案件だけです', '開いているものを終えてから、もう一度お試しください。'],
    en: ['The name of one case at a time can be opened', 'End the one that is open, and try again.'],
  },
  'board-glass.not-open': {
    status: 409,
    ja: ['この案件の氏名は開かれていません', '見る必要があるときは、理由を書いて開いてください。'],
    en: ['The name of this case is not open', 'If you have to see it, open it with a reason.'],
  },
  'board-glass.unexplained': {
    status: 422,
    ja: ['確認の理由が足りません', '妥当だったか、なぜそう考えるかを15字以上で書いてください。'],
    en: ['The review says too little', 'Say in at least 15 characters why it was justified or not.'],
  },
  'document.unreadable': {
    status: 503,
    ja: ['保管中の書類を読み出せません', '管理者に受付番号を知らせてください。書類は送付元に残っています。'],
    en: [
      'The stored document cannot be read',
      'Tell the operator the request number. The sender still has the original.',
    ],
  },
  // people and roles
  'member.not-found': {
    status: 404,
    ja: ['その人・役割は見つかりません', '「人と役割」の一覧から選び直してください。'],
    en: ['There is no such person or role', 'Choose again from the list of people and roles.'],
  },
  'member.overlap': {
    status: 409,
    ja: ['同じ役割の期間が重なります', '「人と役割」の一覧で、今ある期間を確かめてください。'],
    en: ['The periods of one role overlap', 'Look at the present period in the list of people and roles.'],
  },
  'member.dates': {
    status: 422,
    ja: ['期間に誤りがあります', '開始日は終了日より前、終了日は今日以降、開始日は400日先までにしてください。'],
    en: [
      'The period is not possible',
      'It begins before it ends, ends today or later, and begins within the next 400 days.',
    ],
  },
  'member.homeroom': {
    status: 422,
    ja: ['学級の指定に誤りがあります', '担任には学級を入れ、ほかの役割では空にしてください。'],
    en: ['The class does not fit the role', 'A homeroom teacher needs a class; the other roles have none.'],
  },
  'member.last-principal': {
    status: 409,
    ja: ['校長がいなくなります', '先に後任の校長を登録するか、設置者の管理者に依頼してください。'],
    en: ['The school would be without a principal', 'Enter the successor first, or ask the founder’s administrator.'],
  },
  'member.own-role': {
    status: 403,
    ja: ['自分の役割は、自分で増やせません', 'ほかの人に登録を依頼してください。'],
    en: ['Nobody widens their own role', 'Ask somebody else to enter it.'],
  },
  'member.role-elsewhere': {
    status: 422,
    ja: ['ここにはない役割です', '学校の役割は学校で、監査担当は教育委員会で登録してください。'],
    en: [
      'There is no such role here',
      'Enter roles of a school at the school, and auditors at the board of education.',
    ],
  },
  'proposal.not-found': {
    status: 404,
    ja: ['その提案は見つかりません', '「提案の確認」の一覧から選び直してください。'],
    en: ['There is no such proposal', 'Choose again from the list of proposals.'],
  },
  'proposal.over': {
    status: 409,
    ja: [
      'この提案は、もう確認できません',
      '確認済み・取消し・期限切れか、提案した人の役割が終わったか、対象がその後に変わっています。提案し直してください。',
    ],
    en: [
      'This proposal can no longer be confirmed',
      'It was confirmed, cancelled or has expired, who proposed it has no such role any more, or what it concerns has changed since. Propose it again.',
    ],
  },
  'proposal.too-many': {
    status: 409,
    ja: [
      '確認を待っている提案が多すぎます',
      '待っている提案を先に確認するか、取り下げてから、もう一度提案してください。',
    ],
    en: ['Too many proposals are waiting', 'Have those that wait confirmed or cancelled, then propose again.'],
  },
  'proposal.same-person': {
    status: 403,
    ja: ['提案した本人・対象の本人は確認できません', '別の人（校長または設置者の管理者）に確認を依頼してください。'],
    en: [
      'Neither who proposed it nor whom it concerns can confirm it',
      'Ask another person: a principal or the founder’s administrator.',
    ],
  },
  'invitation.not-found': {
    status: 404,
    ja: ['その招待は見つかりません', '使用済みか、取り消されています。一覧で確かめてください。'],
    en: ['There is no such invitation', 'It was used or cancelled. Look at the list.'],
  },
  'invitation.refused': {
    status: 422,
    ja: [
      'この招待コードは使えません',
      'コードと、ログインに使ったアカウントの設置者を確かめてください。期限は14日です。学校に新しいコードを頼めます。',
    ],
    en: [
      'This invitation code cannot be used',
      'Check the code and the founder of the account. Codes last 14 days; the school can issue another.',
    ],
  },
  'import.unreadable': {
    status: 422,
    ja: [
      'CSVとして読み取れません',
      '文字コード（UTF-8かcp932）、見出しの行（アカウント・氏名・役割・学級・開始日・終了日）、500行以内であることを確かめてください。',
    ],
    en: [
      'This cannot be read as CSV',
      'Check the charset (UTF-8 or cp932), the header line (account, name, role, homeroom, from, to) and at most 500 lines.',
    ],
  },
  'import.refused': {
    status: 422,
    ja: ['CSVに誤りがあり、何も登録していません', '示された行を直して、もう一度読み込んでください。'],
    en: ['The CSV has errors; nothing was entered', 'Correct the lines shown and load it again.'],
  },
  // certificates
  'certificate.entry-not-found': {
    status: 404,
    ja: ['台帳にその記載はありません', '「証明の台帳」の一覧から選び直してください。'],
    en: ['There is no such entry in the register', 'Choose again from the register.'],
  },
  'certificate.number-taken': {
    status: 409,
    ja: ['同じ番号か同じ児童・生徒の記載が、すでにあります', '台帳で番号を検索し、その記載を直してください。'],
    en: ['This number or this pupil has an entry already', 'Find it by its number and change that entry.'],
  },
  'certificate.facts': {
    status: 422,
    ja: [
      '台帳の内容に食い違いがあります',
      '生年月日・入学日・卒業等の日の順と、卒業等の日と区分の組を確かめてください。',
    ],
    en: [
      'What was entered does not fit together',
      'Check the order of birth, admission and leaving, and that a day of leaving has its kind.',
    ],
  },
  'certificate.seal-image': {
    status: 422,
    ja: ['校印の画像が使えません', 'PNG形式、100 KB・縦横1200画素以内で、撮影情報などを含まないものにしてください。'],
    en: [
      'This picture of the seal cannot be used',
      'It must be a PNG of at most 100 KB and 1200 pixels a side, without metadata.',
    ],
  },
  'certificate.template-not-found': {
    status: 404,
    ja: ['その様式は見つかりません', '「証明書の様式」の一覧から選び直してください。'],
    en: ['There is no such template', 'Choose again from the list of templates.'],
  },
  'certificate.template-published': {
    status: 409,
    ja: ['この版は、もう公開されています', '直すときは、新しい版を作ってください。'],
    en: ['This version has been published already', 'Make a new version to change it.'],
  },
  'certificate.template-missing': {
    status: 409,
    ja: ['公開した様式がない証明書は取り扱えません', '先に「証明書の様式」で様式を公開してください。'],
    en: ['A certificate without a published template cannot be offered', 'Publish a template of that kind first.'],
  },
  'certificate.request-not-found': {
    status: 404,
    ja: ['その請求は見つかりません', '一覧から選び直してください。'],
    en: ['There is no such request', 'Choose again from the list.'],
  },
  'certificate.not-found': {
    status: 404,
    ja: ['その証明書は見つかりません', '番号やコードを確かめてください。発行の途中なら、少し待ってください。'],
    en: ['There is no such certificate', 'Check the number or code. If it is being issued, wait a little.'],
  },
  'certificate.revoked': {
    status: 410,
    ja: ['この証明書は失効しています', '必要なときは、もう一度請求してください。'],
    en: ['This certificate has been revoked', 'Ask for it again if you need it.'],
  },
  'certificate.superseded': {
    status: 410,
    ja: ['この証明書の代わりに、新しい証明書が発行されています', '一覧から、新しい証明書を受け取ってください。'],
    en: ['A new certificate has taken the place of this one', 'Take the new one from the list.'],
  },
  'certificate.school-closed': {
    status: 409,
    ja: [
      'この学校は閉校していて、証明書を発行できません',
      '引継ぎ先の学校か、教育委員会・設置者に問い合わせてください。',
    ],
    en: [
      'This school has closed and issues no certificates',
      'Ask its successor, its board of education or its founder.',
    ],
  },
  'certificate.not-asker': {
    status: 403,
    ja: ['失効を求めた人だけが取り下げられます', '求めた人が取り下げるか、校長が認めるか断るかを決めてください。'],
    en: ['Only whoever asked takes it back', 'They take it back, or the principal confirms or declines it.'],
  },
  'certificate.replacement-asked': {
    status: 409,
    ja: ['この証明書の再発行は、もう手続き中です', '「証明書の請求」の一覧で、進み具合を確かめてください。'],
    en: ['A replacement of this certificate is under way already', 'See in the list of requests how far it has come.'],
  },
  'certificate.not-offered': {
    status: 409,
    ja: ['この学校は、その証明書の請求を受け付けていません', '学校に電話などで問い合わせてください。'],
    en: ['This school does not take requests for that certificate here', 'Ask the school by telephone.'],
  },
  'certificate.of-age': {
    status: 409,
    ja: ['本人が成年のため、保護者は請求できません', '本人が請求するか、委任状を学校に提出してください。'],
    en: [
      'The person is of age, so a guardian cannot ask',
      'The person asks themselves, or gives the school a power of attorney for you.',
    ],
  },
  'certificate.consent-changed': {
    status: 409,
    ja: ['同意の文が、画面を開いた後に変わりました', '画面を読み直し、新しい文を読んでから請求してください。'],
    en: [
      'The words of consent have changed since you opened the page',
      'Reload the page, read them again, and then ask.',
    ],
  },
  'certificate.consent-none': {
    status: 404,
    ja: ['この請求には、ここでの同意の記録がありません', '代理人の請求は、学校が委任状を見て登録したものです。'],
    en: [
      'There is no record of consent for this request',
      'An agent’s request is entered by the school on a power of attorney.',
    ],
  },
  'certificate.ground-missing': {
    status: 422,
    ja: [
      '閉校した学校の台帳を直すには、訂正の根拠が要ります',
      '根拠と、その書類の番号を入力してください。どちらも台帳に残ります。',
    ],
    en: [
      'What a closed school has left is corrected on a stated ground alone',
      'Say on which ground, and the number of the evidence in your files. Both are kept.',
    ],
  },
  'certificate.no-custody': {
    status: 403,
    ja: [
      '親権のある保護者だけが、本人に代わって請求できます',
      '親権者の委任状を学校に提出すると、代理人として請求できます。登録が違うときは、学校に連絡してください。',
    ],
    en: [
      'Only a guardian with custody can ask for the child',
      'With a power of attorney from somebody who has custody, the school enters the request for you. If the school’s record is wrong, call the school.',
    ],
  },
  'certificate.too-many-requests': {
    status: 409,
    ja: ['手続き中の請求が多すぎます', '今の請求が終わるか、取り下げてから、もう一度請求してください。'],
    en: ['Too many requests are under way', 'Wait until they are done, or withdraw one, and ask again.'],
  },
  'certificate.wrong-state': {
    status: 409,
    ja: ['今の状態では、この操作はできません', '画面を読み直して、今の状態を確かめてください。'],
    en: ['This is not possible in the present state', 'Reload the page to see how far it has come.'],
  },
  'certificate.entry-missing': {
    status: 409,
    ja: ['台帳に、この人の登録がありません', '先に「証明の台帳」に登録し、名簿の本人と結び付けてください。'],
    en: ['The register has no entry of this person', 'Enter the person into the register first, joined to the roll.'],
  },
  'certificate.not-certifiable': {
    status: 409,
    ja: ['台帳の内容からは証明できません', '台帳を確かめて直すか、理由を選んで請求を断ってください。'],
    en: ['The register does not allow to certify this', 'Correct the register, or refuse the request with its reason.'],
  },
  'certificate.content-changed': {
    status: 409,
    ja: ['確認した後に、台帳か様式が変わっています', '事務で、もう一度台帳と突き合わせてください。'],
    en: ['The register or the template has changed since the check', 'The office checks the request once more.'],
  },
  'certificate.own-check': {
    status: 403,
    ja: ['自分が確認した請求は決裁できません', 'ほかの人が確認するか、ほかの校長が決裁してください。'],
    en: ['Nobody approves what they checked themselves', 'Another person checks it, or another principal approves.'],
  },
  'certificate.name-english-missing': {
    status: 409,
    ja: ['英文の証明書に必要な、英字の氏名がありません', '台帳に英字の氏名を登録してください。'],
    en: ['The name in Latin letters is missing', 'Enter it into the register for an English certificate.'],
  },
  'certificate.character-missing': {
    status: 409,
    ja: [
      '文字「{character}」（{codePoint}）を印字できません',
      '台帳の文字を確かめてください。正しい文字なら、紙の証明書を発行してください。',
    ],
    en: [
      'The character “{character}” ({codePoint}) cannot be printed',
      'Check the register. If it is right, issue a certificate on paper.',
    ],
  },
  // wallets
  'offer.not-found': {
    status: 404,
    ja: [
      'そのウォレットへの受け取りは見つかりません',
      '10分で消え、1回だけ使えます。証明書の画面から、もう一度始めてください。',
    ],
    en: [
      'There is no such offer to a wallet',
      'It lasts ten minutes and works once. Start again from the page of the certificate.',
    ],
  },
  'offer.too-many': {
    status: 409,
    ja: ['受け取りの途中のものが多すぎます', '今のQRコードを使うか、10分待ってから、もう一度始めてください。'],
    en: ['Too many offers are open', 'Use one of the QR codes, or start again in ten minutes.'],
  },
  'presentation.not-found': {
    status: 404,
    ja: [
      'その提示の依頼は見つかりません',
      '10分で消えます。また、依頼したブラウザでだけ見られます。もう一度、依頼してください。',
    ],
    en: [
      'There is no such request for a presentation',
      'It lasts ten minutes, and only the browser that asked sees it. Ask again.',
    ],
  },
  'presentation.used': {
    status: 409,
    ja: ['この依頼は、もう終わっています', '提示は1回限りです。もう一度、依頼してください。'],
    en: ['This request is over', 'A certificate is shown once for each request. Ask again.'],
  },
  'presentation.malformed': {
    status: 400,
    ja: ['ウォレットの返事を読み取れません', 'ウォレットを新しくして、もう一度提示してください。'],
    en: ['The answer of the wallet cannot be read', 'Update the wallet and show it once more.'],
  },
  'presentation.other-kind': {
    status: 400,
    ja: ['求めた種類の証明書ではありません', '求められた種類の証明書を選んで、もう一度提示してください。'],
    en: [
      'This is not the kind of certificate that was asked for',
      'Choose the kind that was asked for and show it again.',
    ],
  },
  'presentation.unproved': {
    status: 400,
    ja: [
      '持ち主が今回のために示したことを確かめられません',
      'この提示は受け取られていません。もう一度、依頼してもらい、証明書を受け取ったウォレットで提示してください。',
    ],
    en: [
      'It is not proved that its holder has shown it now',
      'It was not accepted. Have them ask again, and show it from the wallet that received the certificate.',
    ],
  },
  'presentation.number': {
    status: 422,
    ja: ['番号が違います', '提示した人の画面に出ている6けたの番号を入力してください。5回違うと、はじめからです。'],
    en: [
      'The number is not right',
      'Type the six digits on the screen of whoever has shown it. After five wrong ones it starts again.',
    ],
  },
  'credential.not-issuable': {
    status: 409,
    ja: [
      'この学校は、いま電子証明を発行できません',
      '証明書のPDFを使ってください。必要なときは学校に問い合わせてください。',
    ],
    en: [
      'This school cannot issue credentials at present',
      'Use the PDF of the certificate. Ask the school if you need more.',
    ],
  },
  'credential.suspended': {
    status: 409,
    ja: ['この証明書は、学校が確かめている途中です', '学校に問い合わせるか、しばらくしてからもう一度お試しください。'],
    en: ['The school is looking into this certificate', 'Ask the school, or try again later.'],
  },
  'credential.too-many': {
    status: 409,
    ja: ['この証明書の電子証明が多すぎます', 'すでに受け取ったものを使うか、それらの期限が過ぎてからお試しください。'],
    en: [
      'There are too many credentials of this certificate',
      'Use one that you have, or wait until they have run out.',
    ],
  },
  'credential.no-transcript': {
    status: 409,
    ja: ['この形で受け取れるのは、成績証明書だけです', '電子証明かPDFを使ってください。'],
    en: ['Only an academic transcript can be taken in this form', 'Use the credential or the PDF.'],
  },
  'credential.proof-refused': {
    status: 422,
    ja: ['電子証明を入れる側の鍵を確かめられません', 'ウォレットでもう一度受け取り直してください。'],
    en: ['The key of the holder could not be verified', 'Start again from your wallet.'],
  },
  'credential.list-unavailable': {
    status: 503,
    ja: ['この学校の電子証明の状態を、いま確かめられません', 'しばらくしてからもう一度お試しください。'],
    en: ['The state of this school’s credentials cannot be told at present', 'Try again later.'],
  },
  'share.not-found': {
    status: 404,
    ja: ['その共有は見つかりません', '一覧から選び直してください。'],
    en: ['There is no such share', 'Choose again from the list.'],
  },
  'share.fields': {
    status: 422,
    ja: ['見せる項目が選ばれていません', 'この証明書にある項目を、1つ以上選んでください。'],
    en: ['No item to show was chosen', 'Choose at least one of the items that are on this certificate.'],
  },
  'share.too-many': {
    status: 409,
    ja: ['この証明書の共有が多すぎます', '使わない共有を止めてから、もう一度作ってください。'],
    en: ['This certificate has too many shares', 'Stop those that are not used any more, and make it again.'],
  },
  // One face for a link that is wrong, a PIN that is wrong, and a share that too many PINs have locked.
  'share.not-opened': {
    status: 404,
    ja: [
      '開けませんでした',
      'リンクと暗証番号を確かめてください。それでも開けないときは、リンクを送った人に、作り直してもらってください。',
    ],
    en: [
      'It could not be opened',
      'Check the link and the PIN. If it still does not open, ask whoever sent the link for a new one.',
    ],
  },
  // And one for every way to end, told to whoever had both right.
  'share.ended': {
    status: 410,
    ja: ['この共有は終わっています', '見る必要があるときは、リンクを送った人に、作り直してもらってください。'],
    en: ['This share has ended', 'If you need to see it, ask whoever sent the link for a new one.'],
  },
  'share.watcher-not-found': {
    status: 404,
    ja: ['このリンクは使えません', '期限が過ぎたか、通知先がすでに削除されています。'],
    en: ['This link does not work', 'Its time is over, or the address has been deleted already.'],
  },
  'import.register-unreadable': {
    status: 422,
    ja: [
      'CSVとして読み取れません',
      '文字コード（UTF-8かcp932）、見出しの行（番号・氏名・ふりがな・生年月日が必要）、500行以内であることを確かめてください。',
    ],
    en: [
      'This cannot be read as CSV',
      'Check the charset (UTF-8 or cp932), the header line (number, name, kana and birthDate are needed) and at most 500 lines.',
    ],
  },
  'import.empty': {
    status: 422,
    ja: ['登録する変更がありません', 'すべての行は、すでに登録されているとおりです。'],
    en: ['There is nothing to change', 'Every line is already as registered.'],
  },
} as const satisfies Record<string, FaultRow>;

export type FaultCode = keyof typeof table;

/** An expected refusal: what the caller is told (by code) and what only the log is told (`detail`, never personal). */
export interface Fault {
  readonly code: FaultCode;
  /** Values for the placeholders of the text, e.g. a limit. Shown to people: nothing personal that they may not see. */
  readonly params?: Readonly<Record<string, string>>;
  /** Field errors, by JSON pointer or form field name, each a locale key or plain text. */
  readonly fields?: Readonly<Record<string, string>>;
  /** For the audit log only. */
  readonly detail?: string;
}

export function fault(code: FaultCode, more: Omit<Fault, 'code'> = {}): Fault {
  return { code, ...more };
}

/** The row of a fault as the outside may see it. */
export function publicFault(code: FaultCode): FaultRow & { readonly code: FaultCode } {
  const row: FaultRow = table[code];
  if (row.as === undefined) return { ...row, code };
  // Sound: a test checks that every `as` names a row of the table.
  const shown = row.as as FaultCode;
  return { ...table[shown], code: shown };
}

export const faultCodes = Object.keys(table) as readonly FaultCode[];
