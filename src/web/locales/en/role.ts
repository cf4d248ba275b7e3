import type { roleJa } from '../ja/role.ts';

export const roleEn = {
  'role.principal': 'Principal',
  'role.vicePrincipal': 'Vice-principal',
  'role.clerk': 'Clerk',
  'role.homeroomTeacher': 'Homeroom teacher',
  'role.schoolNurse': 'School nurse',
  'role.administrator': 'Founder’s administrator',
  'role.auditor': 'Auditor (board of education)',
  'level.organisationPrime': 'GBizID prime',
  'level.organisationMember': 'GBizID member',
  'level.certificate': 'certificate',
  'level.digitalAuthenticationApp': 'Digital Authentication App',
  'level.schoolCode': 'the school’s paper and number',
  'level.machine': 'system key',
  'level.unknown': 'kind of log-in unknown',
  'role.pupil': 'Pupil',
  'role.guardian': 'Guardian',
} as const satisfies Record<keyof typeof roleJa, string>;
