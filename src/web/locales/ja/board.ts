export const boardJa = {
  'board.title': '監査',
  'board.lead': '管内の学校の送付が、期限どおりに届いているかを見ます。児童・生徒の名前も書類も表示しません。',
  'board.lead-school': '自校の送付が、期限どおりに届いているかを見ます。児童・生徒の名前も書類も表示しません。',
  'board.empty': '送付はまだありません',
} as const;
