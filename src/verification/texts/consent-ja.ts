/** What a verification found of a consent, in Japanese. */
export const consentJa = {
  'file.consent': '同意の記録',
  'reason.consent-malformed': '同意の記録として読めません',
  'reason.consent-by-gateway':
    '署名したのは本人ではなく、このサイトです。本人がそのログインで同意したとサイトが記録し、その後だれも変えていないことが分かります',
  'reason.consent-text-elsewhere': '本人に示された文は、ほかのプログラムのもので、ここには入っていません',
  'facts.request': '請求の番号',
  'facts.relation': 'だれとして',
  'facts.fields': '証明書に書かれること',
  'facts.purpose': '使いみち',
  'facts.copies': '通数',
  'facts.text': '示された文',
  'facts.textSha256': '示された文のSHA-256',
  'facts.assurance': 'ログインの強さ',
  'facts.loggedInAt': 'ログイン',
  'facts.consentedAt': '同意',
} as const;
