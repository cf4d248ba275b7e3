import type { Role } from '../policy/actor.ts';
import type { DemonstrationGuide } from '../web/demonstration.ts';
import { appUsers } from './app-users.ts';
import type { DemoMachineClient } from './machine-clients.node.ts';
import { demoPassword, isGoodPlan, personCertificatePlans } from './person-certificates.ts';
import { demoPupils } from './pupils.ts';
import { demoOrganisations } from './schools.ts';
import { type DemoAccount, demoAccounts, roleNames } from './staff.ts';

type Both = Readonly<Record<'ja' | 'en', string>>;

/** Who can log in how: what the start page shows and `npm start` prints. Only of invented people. */
export interface DemoGuide extends DemonstrationGuide {
  readonly accounts: readonly {
    readonly subject: string;
    readonly name: string;
    readonly accountType: 1 | 2 | 3;
    readonly memberships: readonly {
      readonly schoolCode: string;
      readonly school: Both;
      readonly role: Role;
      readonly roleName: Both;
    }[];
    readonly remark: Both | null;
  }[];
  readonly persons: readonly {
    /** Name of the file in the folder of .p12 files. */
    readonly file: string;
    readonly holder: Both;
    readonly isGood: boolean;
    readonly pupil: { readonly id: string; readonly displayName: string; readonly birthDate: string } | null;
    /** A code as the school would hand it out on paper; null for the certificates that are refused. */
    readonly linkingCode: string | null;
  }[];
  readonly appUsers: readonly {
    readonly subject: string;
    readonly name: Both;
    readonly pupil: { readonly id: string; readonly displayName: string; readonly birthDate: string } | null;
    readonly linkingCode: string | null;
  }[];
  readonly password: string;
  readonly machines: readonly Pick<DemoMachineClient, 'clientId' | 'schoolCode' | 'name' | 'keyFile'>[];
  readonly schools: readonly {
    readonly code: string;
    readonly name: Both;
    readonly state: 'open' | 'closed';
    readonly kind: string;
  }[];
}

export function demoGuide(input: {
  readonly machines: readonly DemoMachineClient[];
  /** By the id of the certificate's plan, or the subject of the app's user. */
  readonly linkingCodes: ReadonlyMap<string, string>;
  readonly certificateFile: DemonstrationGuide['certificateFile'];
  readonly documents: DemonstrationGuide['documents'];
  readonly documentFile: DemonstrationGuide['documentFile'];
}): DemoGuide {
  const { machines, linkingCodes } = input;
  return {
    accounts: demoAccounts.map(describeAccount),
    persons: personCertificatePlans.map((plan) => ({
      file: `${plan.id}.p12`,
      holder: plan.holder,
      isGood: isGoodPlan(plan),
      pupil: describePupil(plan.pupil),
      linkingCode: linkingCodes.get(plan.id) ?? null,
    })),
    appUsers: appUsers.map(({ subject, name, pupil }) => ({
      subject,
      name,
      pupil: describePupil(pupil),
      linkingCode: linkingCodes.get(subject) ?? null,
    })),
    password: demoPassword,
    certificateFile: input.certificateFile,
    documents: input.documents,
    documentFile: input.documentFile,
    machines: machines.map(({ clientId, schoolCode, name, keyFile }) => ({ clientId, schoolCode, name, keyFile })),
    schools: Object.values(demoOrganisations).map(({ code, name, nameEnglish, state, kind }) => ({
      code,
      name: { ja: name, en: nameEnglish },
      state,
      kind,
    })),
  };
}

function describePupil(pupilId: string | null): DemoGuide['persons'][number]['pupil'] {
  const pupil = demoPupils.find(({ id }) => id === pupilId);
  return pupil ? { id: pupil.id, displayName: pupil.displayName, birthDate: pupil.birthDate } : null;
}

function describeAccount(account: DemoAccount): DemoGuide['accounts'][number] {
  const { subject, name, accountType, remark } = account;
  const memberships = account.memberships.map(({ school, role }) => {
    const { code, name: ja, nameEnglish: en } = demoOrganisations[school];
    return { schoolCode: code, school: { ja, en }, role, roleName: roleNames[role] };
  });
  return { subject, name, accountType, memberships, remark };
}
