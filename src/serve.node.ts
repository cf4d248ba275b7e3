import { type ServerType, serve } from '@hono/node-server';
import { mailStaffHandler } from './administration/mail-staff.ts';
import { createApp } from './app.ts';
import { startLogLoop } from './audit/loop.node.ts';
import { issueHandler } from './certificates/issue/issue-request.ts';
import { issueJob } from './certificates/issue/queue-issue.ts';
import { CertificatesNotRenewed, renewCertificates } from './certificates/renewal/renew-certificates.ts';
import { forgetShares } from './certificates/shares/forget-shares.ts';
import { tellViewersHandler, tellViewersJob, watcherMailHandler } from './certificates/shares/tell-viewers.ts';
import { watcherMailJob } from './certificates/shares/watch.ts';
import { forgetOffers } from './certificates/wallet/forget-offers.ts';
import { type Clock, systemClock } from './clock.ts';
import { systemScope } from './database/scope.ts';
import { findBoards } from './directory/find-contact.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { accessNumberHandler, accessNumberJob } from './identity/access-codes/send-access-number.ts';
import { announceMajority } from './identity/guardians/announce-majority.ts';
import { tellGuardiansJob } from './identity/guardians/notify-guardians.ts';
import { findGuardianContact, tellGuardiansHandler } from './identity/guardians/tell-guardians.ts';
import { forgetLogIns } from './identity/log-ins/forget-log-ins.ts';
import { tellOfLogInJob } from './identity/log-ins/notify-of-log-in.ts';
import { tellKeepersHandler, tellKeepersJob } from './identity/log-ins/tell-keepers.ts';
import { tellOfLogInHandler } from './identity/log-ins/tell-of-log-in.ts';
import { forgetRates } from './identity/rates.ts';
import type { MailSubject } from './notices/compose.ts';
import { guardianMailHandler, guardianMailJob } from './notices/guardian-mail.ts';
import { startOutboxLoop } from './notices/loop.node.ts';
import { openMailFolder } from './notices/mail-folder.node.ts';
import { schoolMailHandler } from './notices/school-mail.ts';
import { staffMailJob } from './notices/staff-mail.ts';
import { readResources } from './resources.node.ts';
import { readSettings } from './settings.ts';
import { forgetAnswers } from './transfers/forget-answers.ts';
import { findNoticeAddress, remindOfReviews } from './transfers/protection/notices.ts';
import { EvidenceNotRenewed, renewCaseEvidence } from './transfers/renewal/renew-evidence.ts';
import { watchSealKeys } from './transfers/seal-key-standing.ts';
import { forgetPresentations } from './verification/wallet/forget-presentations.ts';
import type { DemonstrationGuide } from './web/demonstration.ts';

export interface RunningGateway {
  readonly gateway: Gateway;
  readonly port: number;
  /** Stops taking requests, lets those under way end, then closes what was opened. */
  close(): Promise<void>;
}

const drainMs = 25_000;

/** Opens the gateway from an environment and serves it over HTTP. */
export async function serveGateway(
  environment: Readonly<Record<string, string | undefined>>,
  demonstration: DemonstrationGuide | null = null,
  clock: Clock = systemClock,
): Promise<RunningGateway> {
  const settings = readSettings(environment);
  const resources = await readResources(settings, demonstration, clock);
  const gateway = await openGateway(settings, resources);
  const app = createApp(gateway, reportError);
  const log = startLogLoop({
    database: gateway.database,
    store: gateway.objects,
    clock: gateway.clock,
    base: settings.LOG_ORIGIN,
    seed: resources.logSeed,
    intervalMs: settings.LOG_INTERVAL_MS,
    boardOf: findBoards,
    witnessing: resources.witnessPolicy === null ? null : { policy: resources.witnessPolicy, clock },
    onTrouble: (reason) => reportError(reason, 'log'),
  });
  const outbox = startOutboxLoop({
    database: gateway.database,
    handlers: {
      'mail.school': schoolMail(gateway),
      [tellGuardiansJob]: tellGuardiansHandler(gateway),
      [tellOfLogInJob]: tellOfLogInHandler(gateway),
      [tellKeepersJob]: tellKeepersHandler(gateway),
      [accessNumberJob]: numberMail(gateway),
      [guardianMailJob]: guardianMail(gateway),
      [issueJob]: issueHandler(gateway),
      [tellViewersJob]: tellViewersHandler(gateway),
      [watcherMailJob]: watcherMailHandler(gateway, openMailFolder(settings.MAIL_DIRECTORY)),
      [staffMailJob]: mailStaffHandler(gateway, openMailFolder(settings.MAIL_DIRECTORY)),
    },
    onTrouble: (reason) => reportError(reason, 'outbox'),
  });
  const housekeeping = everyHour(async () => {
    await gateway.locker.collectOrphans();
    await announceMajority(gateway);
    await remindOfReviews(gateway);
    await watchSealKeys(gateway);
    await forgetAnswers(gateway.database, gateway.clock.now());
    await gateway.database.transaction(systemScope('login'), forgetRates);
    await forgetLogIns(gateway);
    await forgetOffers(gateway);
    await forgetPresentations(gateway);
    await forgetShares(gateway);
  });
  const renewals = [
    everyHour(async () => {
      const { failed } = await renewCertificates(gateway);
      if (failed > 0) throw new CertificatesNotRenewed();
    }),
    everyHour(async () => {
      const { failed } = await renewCaseEvidence(gateway);
      if (failed > 0) throw new EvidenceNotRenewed();
    }),
  ];
  async function closeParts(): Promise<void> {
    clearInterval(housekeeping);
    for (const renewal of renewals) clearInterval(renewal);
    await Promise.all([log.stop(), outbox.stop()]);
    await gateway.database.close();
  }
  const server = await listen(app.fetch, { hostname: settings.HOST, port: settings.PORT }).catch(async (error) => {
    await closeParts();
    throw error;
  });
  return {
    gateway,
    port: server.port,
    async close() {
      await server.close();
      await closeParts();
    },
  };
}

/** Work that nobody waits for; a round that fails is reported and tried again an hour later. */
function everyHour(work: () => Promise<void>): NodeJS.Timeout {
  const timer = setInterval(
    () => void work().catch((reason: unknown) => reportError(reason, 'housekeeping')),
    3_600_000,
  );
  timer.unref();
  return timer;
}

/** The second half of a log-in by paper. */
function numberMail(gateway: Gateway) {
  return accessNumberHandler(gateway.identity, openMailFolder(gateway.settings.MAIL_DIRECTORY));
}

function schoolMail(gateway: Gateway) {
  return schoolMailHandler({
    mailer: openMailFolder(gateway.settings.MAIL_DIRECTORY),
    addressOf: (notice) => findNoticeAddress(gateway, notice),
    urlOf: (subject, id) => `${gateway.settings.PUBLIC_ORIGIN}/${folderOf(subject)}/${id}`,
  });
}

/** Where what a mail to a school is about can be seen. */
function folderOf(subject: MailSubject): string {
  if (subject === 'protection-review') return 'protections';
  return subject.startsWith('certificate-') ? 'certificate-requests' : 'cases';
}

function guardianMail({ database, settings }: Gateway) {
  return guardianMailHandler({
    mailer: openMailFolder(settings.MAIL_DIRECTORY),
    contactOf: (mail) => findGuardianContact(database, mail),
    urlOf: (request) => guardianPage(settings.PUBLIC_ORIGIN, request),
  });
}

/** Where a guardian sees what a mail is about. */
function guardianPage(origin: string, request: string | null): string {
  return `${origin}${request === null ? '/links' : `/own-certificates/${request}`}`;
}

type Fetch = Parameters<typeof serve>[0]['fetch'];

async function listen(
  fetch: Fetch,
  at: { readonly hostname: string; readonly port: number },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server: ServerType = serve({ fetch, ...at }, ({ port }) => {
      resolve({ port, close: () => drain(server) });
    });
    server.once('error', reject);
  });
}

async function drain(server: ServerType): Promise<void> {
  await new Promise<void>((resolve) => {
    const force = setTimeout(() => {
      if ('closeAllConnections' in server) server.closeAllConnections();
    }, drainMs);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    if ('closeIdleConnections' in server) server.closeIdleConnections();
  });
}

/** Where it broke, for the operator: the error's kind and place, never its message, which may quote what was sent. */
function reportError(error: unknown, requestId: string): void {
  const name = error instanceof Error ? error.name : typeof error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const place =
    error instanceof Error
      ? (error.stack ?? '')
          .split('\n')
          .slice(1, 4)
          .map((line) => line.trim())
      : [];
  console.error(JSON.stringify({ level: 'error', requestId, name, code, place }));
}
