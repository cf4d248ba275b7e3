import type { Clock } from '../clock.ts';
import type { Database } from '../database/connection.ts';
import { linkingCodeHash } from '../identity/links/issue-linking-code.ts';
import { linkingCodes } from '../identity/links/tables.ts';
import { after, linkingCodeDays, linkingCodeText } from '../identity/rules.ts';
import { appUsers } from './app-users.ts';
import { personCertificatePlans } from './person-certificates.ts';
import { demoPupils } from './pupils.ts';
import { demoOrganisations } from './schools.ts';

/**
 * Codes as the schools would have handed them out on paper, new ones at every start; by the id of the certificate's plan, or the
 * subject of the app's user.
 * They stand on the start page, so they are as good as public: a real school gives each to one person.
 */
export async function issueDemoLinkingCodes(database: Database, clock: Clock): Promise<ReadonlyMap<string, string>> {
  const issued = new Map<string, string>();
  const holders = [
    ...personCertificatePlans.map((plan) => ({ ...plan, guardian: `guardian-${plan.id}` })),
    ...appUsers.map((user) => ({ ...user, id: user.subject })),
  ];
  for (const plan of holders) {
    const pupil = demoPupils.find(({ id }) => id === plan.pupil);
    if (!pupil || plan.relation === null) continue;
    const code = linkingCodeText(crypto.getRandomValues(new Uint8Array(16)));
    const { code: schoolCode } = demoOrganisations[pupil.school];
    const now = clock.now();
    const row = {
      id: crypto.randomUUID(),
      codeHash: linkingCodeHash(code),
      pupilId: pupil.id,
      schoolCode,
      relation: plan.relation,
      guardianId: plan.relation === 'guardian' ? plan.guardian : null,
      issuedBy: `${pupil.school}-clerk`,
      issuedByKey: `${pupil.school}-clerk`,
      issuedAt: now,
      expiresAt: after(now, { days: linkingCodeDays }),
    };
    await database.transaction({ actor: `staff:${row.issuedBy}`, school: schoolCode }, (tx) =>
      tx.insert(linkingCodes).values(row),
    );
    issued.set(plan.id, code);
  }
  return issued;
}
