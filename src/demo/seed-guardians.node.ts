import type { Transaction } from '../database/connection.ts';
import { pupils } from '../directory/tables.ts';
import { guardians } from '../identity/guardians/tables.ts';
import { after, dayInJapan } from '../identity/rules.ts';
import { demoGuardians } from './guardians.ts';
import { demoPupils } from './pupils.ts';
import { demoOrganisations } from './schools.ts';
import { homerooms } from './staff.ts';

/** A pupil who comes of age in twenty days, whenever the world begins. */
const soonOfAge = {
  id: 'pupil-11',
  school: 'privateHigh',
  name: '南　颯太',
  kana: 'ミナミ　ソウタ',
  inDays: 20,
} as const;

/** The guardians as the clerk of each school entered them and the principal confirmed them. */
export async function seedGuardians(tx: Transaction, now: Date): Promise<void> {
  const { id, school, name, kana } = soonOfAge;
  await tx
    .insert(pupils)
    .values({
      id,
      schoolCode: demoOrganisations[school].code,
      officialName: name,
      displayName: name,
      kana,
      birthDate: eighteenYearsBefore(dayInJapan(after(now, { days: soonOfAge.inDays }))),
      grade: '3',
      homeroom: homerooms[school],
    })
    .onConflictDoNothing();
  const rows = demoGuardians.map(({ pupil, id: guardianId, ...person }) => {
    const at = demoPupils.find((one) => one.id === pupil)?.school ?? school;
    return {
      ...person,
      id: guardianId,
      pupilId: pupil,
      schoolCode: demoOrganisations[at].code,
      contactMail: `${guardianId}@example.jp`,
      seesRecords: true,
      seesHealth: true,
      seesLedger: true,
      validFrom: '2026-04-01',
      enteredBy: `${at}-clerk`,
      enteredByKey: `${at}-clerk`,
      enteredAt: now,
      confirmedBy: `${at}-principal`,
      confirmedAt: now,
      reason: person.state === 'disputed' ? '親権について家庭裁判所で調停中' : null,
    };
  });
  await tx.insert(guardians).values(rows).onConflictDoNothing();
}

function eighteenYearsBefore(day: string): string {
  return `${Number(day.slice(0, 4)) - 18}${day.slice(4)}`;
}
