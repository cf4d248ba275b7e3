import type { roleJa } from '../ja/role.ts';

export const roleEn = {
  'role.principal': 'Principal',
  'role.vicePrincipal': 'Vice-principal',
  'role.clerk': 'Clerk',
  'role.homeroomTeacher': 'Homeroom teacher',
  'role.schoolNurse': 'School nurse',
  'role.administrator': 'Founder’s administrator',
  'role.pupil': 'Pupil',
  'role.guardian': 'Guardian',
} as const satisfies Record<keyof typeof roleJa, string>;
