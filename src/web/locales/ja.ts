import { abilityJa } from './ja/ability.ts';
import { alertJa } from './ja/alert.ts';
import { boardJa } from './ja/board.ts';
import { boardGlassJa } from './ja/board-glass.ts';
import { calendarJa } from './ja/calendar.ts';
import { certificateJa } from './ja/certificate.ts';
import { clientJa } from './ja/client.ts';
import { componentJa } from './ja/component.ts';
import { consentJa } from './ja/consent.ts';
import { credentialJa } from './ja/credential.ts';
import { drawnJa } from './ja/drawn.ts';
import { glassJa } from './ja/glass.ts';
import { guardianJa } from './ja/guardian.ts';
import { layoutJa } from './ja/layout.ts';
import { ledgerJa } from './ja/ledger.ts';
import { loginJa } from './ja/login.ts';
import { paperJa } from './ja/paper.ts';
import { pdfJa } from './ja/pdf.ts';
import { peopleJa } from './ja/people.ts';
import { problemJa } from './ja/problem.ts';
import { protectionJa } from './ja/protection.ts';
import { requestJa } from './ja/request.ts';
import { roleJa } from './ja/role.ts';
import { shareJa } from './ja/share.ts';
import { statisticsJa } from './ja/statistics.ts';
import { storyJa } from './ja/story.ts';
import { transferJa } from './ja/transfer.ts';
import { uploadJa } from './ja/upload.ts';
import { verifyJa } from './ja/verify.ts';
import { walletJa } from './ja/wallet.ts';
import { withdrawalJa } from './ja/withdrawal.ts';

/** Every text that people read, Japanese first: this object is the source of the type. One file per room. */
export const ja = {
  ...layoutJa,
  ...componentJa,
  ...ledgerJa,
  ...loginJa,
  ...guardianJa,
  ...consentJa,
  ...problemJa,
  ...abilityJa,
  ...peopleJa,
  ...roleJa,
  ...uploadJa,
  ...calendarJa,
  ...certificateJa,
  ...drawnJa,
  ...credentialJa,
  ...requestJa,
  ...shareJa,
  ...storyJa,
  ...statisticsJa,
  ...transferJa,
  ...clientJa,
  ...paperJa,
  ...pdfJa,
  ...boardJa,
  ...boardGlassJa,
  ...alertJa,
  ...glassJa,
  ...protectionJa,
  ...withdrawalJa,
  ...verifyJa,
  ...walletJa,
};

export type MessageKey = keyof typeof ja;
