/** Who asked for it: 市町村, 裁判所, the school's own judgement; or another school, by what it expects. */
export const protectionSources = ['municipality', 'court', 'school', 'otherSchool'] as const;
export type ProtectionSource = (typeof protectionSources)[number];
