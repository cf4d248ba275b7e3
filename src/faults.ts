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
