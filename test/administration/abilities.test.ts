import { describe, expect, it } from 'vitest';
import { abilitiesOf } from '../../src/administration/abilities.ts';
import { schoolRoles } from '../../src/policy/actor.ts';
import { en } from '../../src/web/locales/en.ts';
import { ja } from '../../src/web/locales/ja.ts';
import { machineActor, personActor, staffActor } from '../policy/support/decisions.ts';

describe('what I may do', () => {
  const may = (actor: Parameters<typeof abilitiesOf>[0]) =>
    abilitiesOf(actor).flatMap(({ key, allowed }) => (allowed ? [key.slice('ability.'.length)] : []));

  it('is what the table says of the role: approval and keys for the principal alone, people for the administrator', () => {
    expect(may(staffActor('principal'))).toEqual(
      expect.arrayContaining(['case-approve', 'key-manage', 'member-manage']),
    );
    expect(may(staffActor('principal'))).not.toContain('case-approve-own');
    for (const role of schoolRoles.filter((one) => one !== 'principal')) {
      expect(may(staffActor(role))).not.toEqual(expect.arrayContaining(['case-approve']));
    }
    expect(may(staffActor('administrator'))).toEqual(['member-list', 'member-manage', 'alert-read']);
    expect(may(staffActor('homeroomTeacher', '3年2組'))).toContain('document-read-records');
    expect(may(staffActor('schoolNurse'))).toContain('document-read-health');
    expect(may(staffActor('clerk'))).not.toContain('document-read-records');
  });

  it('is a machine’s by its scopes, a person’s by what the school has confirmed, and nobody’s before a choice', () => {
    expect(may(machineActor('records:read'))).toEqual(['document-read-records']);
    const self = ['own-links', 'own-log-in'];
    const of = (scope: readonly ('records' | 'health' | 'ledger')[]) =>
      may({ ...personActor, pupils: [{ pupilId: 'p', relation: 'guardian', scope }] });
    expect(of(['records'])).toEqual(['own-case', 'own-records', 'own-certificate', ...self]);
    expect(of(['ledger'])).toEqual(['own-case', 'own-ledger', ...self]);
    expect(may({ ...personActor, pupils: [] })).toEqual(self);
    expect(abilitiesOf({ kind: 'anonymous' })).toEqual([]);
  });

  it('tells which acts want a log-in of the last ten minutes, however fresh this one is', () => {
    const fresh = abilitiesOf({ ...staffActor('principal'), authenticatedAt: new Date() });
    const owed = fresh.filter(({ freshLogin }) => freshLogin).map(({ key }) => key);
    expect(owed).toEqual(
      expect.arrayContaining(['ability.case-approve', 'ability.key-manage', 'ability.member-manage']),
    );
    expect(owed).not.toContain('ability.case-seal');
  });

  it('has plain words for each in both languages, and none to spare', () => {
    const staff = abilitiesOf(staffActor('principal')).map(({ key }) => key);
    const person = abilitiesOf(personActor).map(({ key }) => key);
    const words = (texts: object) => Object.keys(texts).filter((key) => key.startsWith('ability.'));
    expect(words(ja).toSorted()).toEqual([...staff, ...person].toSorted());
    expect(words(en).toSorted()).toEqual(words(ja).toSorted());
  });
});
