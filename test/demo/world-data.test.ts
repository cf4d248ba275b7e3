import { describe, expect, it } from 'vitest';
import { demoGuardians } from '../../src/demo/guardians.ts';
import { personCertificatePlans } from '../../src/demo/person-certificates.ts';
import { demoPupils } from '../../src/demo/pupils.ts';
import { demoFounders, demoOrganisations, demoSchoolKeys } from '../../src/demo/schools.ts';
import { demoAccounts } from '../../src/demo/staff.ts';
import { isBoardCode, parseCorporateNumber, parseSchoolCode } from '../../src/directory/codes.ts';
import { schoolRoles } from '../../src/policy/actor.ts';

describe('the data of the demonstration', () => {
  it('has valid codes and numbers everywhere', () => {
    for (const { code, kind } of Object.values(demoOrganisations)) {
      expect(kind === 'board' ? isBoardCode(code) : parseSchoolCode(code) === code).toBe(true);
    }
    for (const { corporateNumber } of demoFounders) expect(parseCorporateNumber(corporateNumber)).toBe(corporateNumber);
    expect(new Set(Object.values(demoOrganisations).map(({ code }) => code)).size).toBe(9);
  });

  it('gives the closed school a successor that is open', () => {
    const { closedJuniorHigh, juniorHigh } = demoOrganisations;
    expect(closedJuniorHigh).toMatchObject({ state: 'closed', successorCode: juniorHigh.code });
    expect(juniorHigh.state).toBe('open');
  });

  it('staffs every school with each role, under the number of its founder', () => {
    for (const school of demoSchoolKeys) {
      const here = demoAccounts.filter(({ memberships }) => memberships.some((member) => member.school === school));
      const held = here.flatMap(({ memberships }) => memberships.map(({ role }) => role));
      for (const role of [...schoolRoles, 'administrator']) expect(held).toContain(role);
      for (const { founderNumber } of here) expect(founderNumber).toBe(demoOrganisations[school].founderNumber);
    }
  });

  it('has one clerk with two schools, one who moves on 1 April, and one person with two accounts', () => {
    const two = demoAccounts.filter(({ memberships }) => memberships.length === 2);
    const moving = two.filter(({ memberships }) => memberships.some(({ term }) => term === 'begins'));
    expect([two.length, moving.map(({ subject }) => subject)]).toEqual([2, ['hibarino-mover']]);
    const keys = demoAccounts.map(({ personKey }) => personKey);
    expect(keys.length - new Set(keys).size).toBe(1);
  });

  it('has ten pupils with names that are not to be normalised', () => {
    expect(demoPupils).toHaveLength(10);
    expect(demoPupils.some(({ officialName }) => /[\u{E0100}-\u{E01EF}]/u.test(officialName))).toBe(true);
    expect(demoPupils.some(({ officialName }) => officialName.includes('𠮷'))).toBe(true);
    expect(demoPupils.some(({ nonStandardCharacters }) => nonStandardCharacters.length > 0)).toBe(true);
    expect(demoGuardians.filter(({ custody }) => custody === 'joint')).toHaveLength(4);
  });

  it('gives every personal certificate of a pupil or guardian a known pupil', () => {
    const known = new Set(demoPupils.map(({ id }) => id));
    for (const { pupil } of personCertificatePlans) if (pupil !== null) expect(known).toContain(pupil);
  });
});
