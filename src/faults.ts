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
  'login.provider-unavailable': {
    status: 503,
    ja: [
      '認証サービスに接続できません',
      '少し待ってから、もう一度お試しください。ログイン済みの方はそのまま利用できます。',
    ],
    en: ['The log-in service cannot be reached', 'Wait a moment and try again. Sessions that are open keep working.'],
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
  // transfers
  'case.not-found': {
    status: 404,
    ja: ['見つかりません', '番号を確かめてください。'],
    en: ['Not found', 'Check the number.'],
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
