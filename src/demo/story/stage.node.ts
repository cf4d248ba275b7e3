import { type HttpBrowser, logInWithOrganisation } from '../http-browser.ts';
import { type DemoPupil, demoPupils } from '../pupils.ts';
import { type DemoSchoolKey, demoOrganisations } from '../schools.ts';
import type { DemoWorld } from '../world.node.ts';
import type { CliProcess } from './cli-process.node.ts';
import type { Narrator } from './narrator.ts';

/** Everything the acts of the demonstration share. */
export interface Stage {
  readonly world: DemoWorld;
  readonly origin: string;
  readonly narrator: Narrator;
  readonly cli: CliProcess;
  /** Where everything is left for the reader. */
  readonly folder: string;
  /** Profiles of the two machine clients, gone with the world. */
  readonly profiles: string;
}

export const sender = demoOrganisations.juniorHigh;
export const recipient = demoOrganisations.cityHigh;
export const recipientHomeroom = '1年A組';

export function storyPupil(): DemoPupil {
  const [first] = demoPupils;
  if (first === undefined) throw new Error('the demonstration has no pupils');
  return first;
}

export function staffSession(stage: Stage, school: DemoSchoolKey, role: string): Promise<HttpBrowser> {
  return logInWithOrganisation(stage.origin, `${school}-${role}`);
}

/** Registers the machine client of a school, by the command line. */
export async function logInMachine(stage: Stage, schoolCode: string, profile: string): Promise<void> {
  const client = stage.world.machineClients.find((one) => one.schoolCode === schoolCode);
  if (client === undefined) throw new Error(`no machine client of ${schoolCode}`);
  const where = ['--origin', stage.origin, '--client', client.clientId, '--key', client.keyFile];
  await stage.cli.ask('login', ...where, '--profile', profile);
}
