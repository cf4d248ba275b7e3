import { abilityEn } from './en/ability.ts';
import { alertEn } from './en/alert.ts';
import { boardEn } from './en/board.ts';
import { boardGlassEn } from './en/board-glass.ts';
import { calendarEn } from './en/calendar.ts';
import { certificateEn } from './en/certificate.ts';
import { clientEn } from './en/client.ts';
import { componentEn } from './en/component.ts';
import { consentEn } from './en/consent.ts';
import { credentialEn } from './en/credential.ts';
import { drawnEn } from './en/drawn.ts';
import { glassEn } from './en/glass.ts';
import { guardianEn } from './en/guardian.ts';
import { layoutEn } from './en/layout.ts';
import { ledgerEn } from './en/ledger.ts';
import { loginEn } from './en/login.ts';
import { paperEn } from './en/paper.ts';
import { pdfEn } from './en/pdf.ts';
import { peopleEn } from './en/people.ts';
import { problemEn } from './en/problem.ts';
import { protectionEn } from './en/protection.ts';
import { requestEn } from './en/request.ts';
import { roleEn } from './en/role.ts';
import { shareEn } from './en/share.ts';
import { statisticsEn } from './en/statistics.ts';
import { storyEn } from './en/story.ts';
import { transferEn } from './en/transfer.ts';
import { uploadEn } from './en/upload.ts';
import { verifyEn } from './en/verify.ts';
import { walletEn } from './en/wallet.ts';
import { withdrawalEn } from './en/withdrawal.ts';
import type { MessageKey } from './ja.ts';

/** The English beside the Japanese: exactly the same keys, or it does not compile. */
export const en = {
  ...layoutEn,
  ...componentEn,
  ...ledgerEn,
  ...loginEn,
  ...guardianEn,
  ...consentEn,
  ...problemEn,
  ...abilityEn,
  ...peopleEn,
  ...roleEn,
  ...statisticsEn,
  ...transferEn,
  ...clientEn,
  ...paperEn,
  ...pdfEn,
  ...boardEn,
  ...boardGlassEn,
  ...alertEn,
  ...glassEn,
  ...protectionEn,
  ...withdrawalEn,
  ...verifyEn,
  ...walletEn,
  ...uploadEn,
  ...calendarEn,
  ...certificateEn,
  ...drawnEn,
  ...credentialEn,
  ...requestEn,
  ...shareEn,
  ...storyEn,
} satisfies Record<MessageKey, string>;
