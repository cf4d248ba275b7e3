export const calendarJa = {
  'calendar.title': '授業日の暦',
  'calendar.lead':
    '期限は授業日で数えます。土曜日、日曜日、国民の祝日、12月29日から1月3日まで、そして下の休業日は数えません。すでに決まった期限は、後から変わりません。',
  'calendar.closures': '休業日',
  'calendar.none': '休業日は登録されていません',
  'calendar.none-text': '長期休業日や開校記念日など、管内の学校が休む日を登録します。',
  'calendar.name': '名称',
  'calendar.day': '日',
  'calendar.firstDay': '最初の日',
  'calendar.lastDay': '最後の日',
  'calendar.change': '変更',
  'calendar.add': '休業日を登録する',
  'calendar.remove': '取り消す',
  'calendar.holidays': '{year}年度の国民の祝日',
  'calendar.holidays-lead': '国民の祝日に関する法律によります。休日は、振替休日と国民の休日です。',
} as const;
