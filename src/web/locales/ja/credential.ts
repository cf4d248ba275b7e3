/** 電子証明: what a credential says, and how a holder gets it. */
export const credentialJa = {
  'credential.section': '電子証明として受け取る',
  'credential.section-lead':
    '同じ内容を、ウォレットなどに入れて使えるデータでも受け取れます。見せる項目は、使うときに一つずつ選べます。',
  'credential.bearer-text':
    '30日間使えます。持っている人ならだれでも見せられるデータなので、人に渡したり公開したりしないでください。',
  'credential.download': '電子証明を受け取る',
  'credential.type-text': '学校が発行した証明書の電子証明です。見せる項目を一つずつ選べます。',
  'credential.claim-school_code': '学校コード',
  'credential.claim-document_kind': '証明書の種類',
  'credential.claim-school_name': '学校名',
  'credential.claim-school_name_english': '学校名（英語）',
  'credential.claim-certificate_number': '証明書の番号',
  'credential.claim-issued_on': '発行日',
  'credential.claim-asked_kind': '請求した証明書',
  'credential.claim-official_name': '氏名',
  'credential.claim-kana': 'ふりがな',
  'credential.claim-name_english': '英字の氏名',
  'credential.claim-birthdate': '生年月日',
  'credential.claim-course': '課程・学科',
  'credential.claim-grade': '学年',
  'credential.claim-enrolled_on': '入学日',
  'credential.claim-left_on': '卒業・退学などの日',
  'credential.claim-subjects': '科目と成績',
} as const;
