import { demoGuardians } from '../../src/demo/guardians.ts';
import { demoPupils } from '../../src/demo/pupils.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { demoAccounts } from '../../src/demo/staff.ts';

const schools = Object.values(demoOrganisations)
  .map(({ name, nameKana }) => `${name} ${nameKana}`)
  .join(' ');

const whole = [
  ...demoPupils.flatMap(({ officialName, displayName, kana }) => [officialName, displayName, kana]),
  ...demoGuardians.flatMap(({ name, kana }) => [name, kana]),
  ...demoAccounts.map(({ name }) => name),
];

/** Names of people of the demonstration world, whole and by their parts. One character alone says nothing, nor a part that a school is called by. */
const names: readonly string[] = [
  ...new Set(whole.flatMap((name) => [name, ...name.split('　').filter((part) => !schools.includes(part))])),
].filter((name) => name.length > 1);

/** Which people of the demonstration world this text tells of. */
export function namesIn(text: string): readonly string[] {
  return names.filter((name) => text.includes(name));
}
