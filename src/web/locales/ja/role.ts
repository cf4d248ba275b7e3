export const roleJa = {
  'role.principal': '校長',
  'role.vicePrincipal': '教頭',
  'role.clerk': '事務職員',
  'role.homeroomTeacher': '学級担任',
  'role.schoolNurse': '養護教諭',
  'role.administrator': '設置者の管理者',
  'role.pupil': '本人',
  'role.guardian': '保護者',
} as const;
