import type { DemoGuide } from './guide.ts';
import { PortInUseError } from './loopback.node.ts';
import { type DemoPorts, type DemoWorld, openDemoWorld } from './world.node.ts';

/** Where `npm start` puts everything, unless told otherwise. */
const usualPorts: DemoPorts = {
  gateway: 8787,
  identityProvider: 8788,
  timeStamp: 8789,
  postgres: 8790,
  authenticationApp: 8791,
  ocsp: 8792,
};

export interface RunInput {
  readonly folder: string;
  readonly ports: Partial<DemoPorts>;
  /** Settings that put real parts in the place of the world's own. */
  readonly replace?: Readonly<Record<string, string | undefined>>;
  /** Starts the gateway over the world's settings. */
  readonly serve: (world: DemoWorld) => Promise<{ close(): Promise<void> }>;
  readonly print: (text: string) => void;
}

/** The world, the gateway in it, and what to do next on the screen; ends in order on SIGINT and SIGTERM. */
export async function runWorld(input: RunInput): Promise<void> {
  input.print('引継ぎ Hikitsugi: starting the demonstration world (the first time takes some seconds) …');
  const world = await openApart(input).catch((error: unknown) => explain(error, input.print));
  if (!world) return;
  let server: Awaited<ReturnType<RunInput['serve']>>;
  try {
    server = await input.serve(world);
  } catch (error) {
    await world.close();
    throw error;
  }
  input.print(welcome(world.environment['PUBLIC_ORIGIN'] ?? '', world.guide));
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  input.print('stopping …');
  await server.close();
  await world.close();
}

/** Two parts cannot listen at one port; with 0 each gets a free one. */
async function openApart(input: RunInput): Promise<DemoWorld> {
  const wanted = Object.values(input.ports).filter((port) => port !== 0);
  const twice = wanted.find((port, index) => wanted.indexOf(port) !== index);
  if (twice !== undefined) throw new Error(`Port ${twice} is wanted by two parts of the demonstration world.`);
  return openDemoWorld({ ...input, witnesses: true });
}

/** The ports that `PORT` and `DEMO_…_PORT` name, else the usual ones. */
export function portsFrom(environment: Readonly<Record<string, string | undefined>>): DemoPorts {
  const port = (name: string, usual: number) => {
    const text = environment[name];
    if (text === undefined || text === '') return usual;
    const number = Number(text);
    if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new Error(`${name} is not a port: ${text}`);
    return number;
  };
  return {
    gateway: port('PORT', usualPorts.gateway),
    identityProvider: port('DEMO_IDENTITY_PROVIDER_PORT', usualPorts.identityProvider),
    timeStamp: port('DEMO_TIME_STAMP_PORT', usualPorts.timeStamp),
    postgres: port('DEMO_POSTGRES_PORT', usualPorts.postgres),
    authenticationApp: port('DEMO_AUTHENTICATION_APP_PORT', usualPorts.authenticationApp),
    ocsp: port('DEMO_OCSP_PORT', usualPorts.ocsp),
  };
}

export function welcome(origin: string, guide: DemoGuide): string {
  const accounts = guide.accounts.map(({ name, memberships, remark }) => {
    const places = memberships.map(({ school, roleName }) => `${school.ja} ${roleName.ja}`).join(' / ');
    return `    ${name}　${[places, remark?.ja].filter(Boolean).join(' — ')}`;
  });
  const persons = guide.persons.map(({ file, holder, linkingCode }) => {
    const code = linkingCode === null ? '' : `　連携コード ${linkingCode}`;
    return `    ${file.padEnd(22)} ${holder.ja}${code}`;
  });
  const apps = guide.appUsers.map(({ name, linkingCode }) => {
    const code = linkingCode === null ? '' : `　連携コード ${linkingCode}`;
    return `    ${name.ja}${code}`;
  });
  return [
    '',
    `  ${origin}  ← open this`,
    '',
    '  School staff: 「学校の方」→ choose an account at the stand-in for GBizID (no password)',
    ...accounts,
    '',
    `  Pupils and guardians: 「児童生徒・保護者」→ a .p12 of .data/p12, password ${guide.password}`,
    ...persons,
    '',
    '  The same with the stand-in for デジタル認証アプリ (no card, no password)',
    ...apps,
    '',
    '  Without card and app: a clerk prints a paper (児童・生徒 → a pupil → ログイン用紙); its number arrives in .data/mail',
    '',
    '  School-affairs systems (private_key_jwt, keys in .data/machines):',
    ...guide.machines.map(({ clientId, name }) => `    ${clientId}  ${name}`),
    '',
    '  Ctrl-C stops everything; the next start goes on with the same data. Remove .data to begin anew.',
    '',
  ].join('\n');
}

function explain(error: unknown, print: (text: string) => void): null {
  const isPort = error instanceof PortInUseError || (error instanceof Error && /^Port \d+ /.test(error.message));
  if (!isPort) throw error;
  print(`\n  ${error.message}`);
  print(
    '  PORT, DEMO_IDENTITY_PROVIDER_PORT, DEMO_AUTHENTICATION_APP_PORT, DEMO_TIME_STAMP_PORT, DEMO_OCSP_PORT and DEMO_POSTGRES_PORT choose others (0: any free one).\n',
  );
  process.exitCode = 1;
  return null;
}
