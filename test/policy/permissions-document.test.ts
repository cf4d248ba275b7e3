import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Role, roles } from '../../src/policy/actor.ts';
import { actions, isAllowed, ownThing, type Resource } from '../../src/policy/decide.ts';
import { actorNames } from './support/actors.ts';
import { staffActor } from './support/decisions.ts';
import { lastRows, pageRows } from './support/page-rows.ts';
import { type RouteRow, routeRows } from './support/routes.ts';

const file = join(import.meta.dirname, '..', '..', 'docs', 'permissions.md');

it('docs/permissions.md is printed from the tables that the tests hold the gateway to (npm run permissions)', async () => {
  const text = permissionsDocument();
  if (process.env['WRITE_PERMISSIONS'] === 'yes') await writeFile(file, text);
  expect(await readFile(file, 'utf8')).toBe(text);
});

const heads: Readonly<Record<(typeof actorNames)[number], string>> = {
  principal: '校長 principal',
  vicePrincipal: '教頭 vice-principal',
  clerk: '事務職員 clerk',
  homeroomTeacher: '担任 homeroom teacher',
  schoolNurse: '養護教諭 school nurse',
  administrator: '設置者の管理者 administrator',
  auditor: '監査担当 board’s auditor',
  'transfers:read': '`transfers:read`',
  'transfers:write': '`transfers:write`',
  'records:read': '`records:read`',
  'health:read': '`health:read`',
  'health:write': '`health:write`',
  allScopes: 'all scopes',
  linkedPerson: '本人・保護者 linked person',
  unlinkedPerson: 'person without link',
  paperPerson: '用紙でログインした保護者 by the school’s paper',
  anonymous: 'nobody logged in',
};

const situations: readonly (readonly [name: string, resource: Resource])[] = [
  [
    'drafting, own draft',
    { ...ownThing, side: 'sender', phase: 'drafting', visibility: 'records', homeroom: 'A', drafter: true },
  ],
  [
    'drafting, somebody’s draft',
    { ...ownThing, side: 'sender', phase: 'drafting', visibility: 'records', homeroom: 'A' },
  ],
  ['deposited, sender', { ...ownThing, side: 'sender', phase: 'deposited', visibility: 'records', homeroom: 'A' }],
  ['deposited, recipient', { ...ownThing, side: 'recipient', phase: 'deposited', visibility: 'records' }],
  ['opened, recipient', { ...ownThing, side: 'recipient', phase: 'opened', visibility: 'records', homeroom: 'A' }],
];

function permissionsDocument(): string {
  return [
    '# Who may do what',
    '',
    'Printed from the tables of `test/policy/` by `npm run permissions`; do not edit. The tests hold the running gateway to',
    'them: a route without a row fails (Z-01), and another school’s id answers like one that nobody has (Z-02). The',
    'decisions themselves are one pure function, `src/policy/decide.ts`; denied unless a line allows.',
    '',
    '- ● may · – is turned away: 401 when nobody is logged in, 403 when the role may not, 404 when the thing is not theirs to',
    '  see (equal to one that does not exist).',
    '- Staff act in one chosen role at one school. A homeroom teacher’s row means the own class. Columns in `code` are',
    '  school-affairs systems with that one scope; to touch documents they need `transfers:read` as well.',
    '- “May” is the door. Behind it the procedure still refuses: a wrong state, a changed draft, the drafter’s own approval.',
    '',
    '## Routes',
    '',
    ...routeTable(routeRows),
    '',
    '## Pages, and routes beside the API',
    '',
    ...routeTable([...pageRows, ...lastRows]),
    '',
    '## Whose thing it is',
    '',
    'Each row whose path names a thing is asked with an own one, one of another school under the same board, one of another',
    'board, and a random id; the other roles of the same school are columns. The states in which something has run out, was',
    'sent back, taken back or destroyed are rows of their own. Protected cases (支援措置) do not exist in the product yet and',
    'are asked by nobody: P-01 to P-03 of [threat-model.md](threat-model.md) are open until they do.',
    '',
    '## Actions of staff, by state of the case',
    '',
    'Records (not the health card), the pupil in the homeroom teacher’s class.',
    '',
    ...situations.flatMap(([name, resource]) => [
      `### ${name}`,
      '',
      ...table(
        ['Action', ...roles.map((role) => heads[role])],
        actions.map((action) => [`\`${action}\``, ...roles.map((role) => mark(role, action, resource))]),
      ),
      '',
    ]),
  ].join('\n');
}

function routeTable(rows: readonly RouteRow[]): string[] {
  return table(
    ['Route', 'When', ...actorNames.map((actor) => heads[actor])],
    rows.map((row) => [
      `\`${row.route}\``,
      row.when ?? '',
      ...actorNames.map((actor) => (row.may.includes(actor) ? '●' : '–')),
    ]),
  );
}

function mark(role: Role, action: (typeof actions)[number], resource: Resource): string {
  return isAllowed(staffActor(role, 'A'), action, resource) ? '●' : '–';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
