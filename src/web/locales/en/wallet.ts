import type { walletJa } from '../ja/wallet.ts';

export const walletEn = {
  'wallet-verifier.title': 'Verify a certificate in a wallet',
  'wallet-verifier.lead':
    'Somebody in front of you shows a certificate out of the wallet on their phone, and you see whether it is genuine. No log-in is needed. Ask only for what you need.',
  'wallet-verifier.kind-missing': 'Choose the kind of certificate.',
  'wallet-verifier.groups': 'What is to be shown',
  'wallet-verifier.groups-hint':
    'Choose only what you need. With none of them, the code of the school and the kind of certificate are shown.',
  'wallet-verifier.group-name': 'Name',
  'wallet-verifier.group-birth': 'Date of birth',
  'wallet-verifier.group-school': 'Name of the school and date of issue',
  'wallet-verifier.group-subjects': 'Subjects and grades',
  'wallet-verifier.nothing': 'Nothing (the code of the school and the kind of certificate alone)',
  'wallet-verifier.ask': 'Make the request',
  'wallet-verifier.waiting': 'Waiting for a wallet',
  'wallet-verifier.answered': 'A certificate was shown',
  'wallet-verifier.released': 'The certificate that was shown',
  'wallet-verifier.closed': 'This request has ended',
  'wallet-verifier.scan':
    'Have whoever holds the certificate read this QR code with their wallet. To use a wallet on this device, open it with the button.',
  'wallet-verifier.code': 'QR code for the wallet',
  'wallet-verifier.open': 'Open a wallet on this device',
  'wallet-verifier.look': 'See whether it has arrived',
  'wallet-verifier.lasts': 'This request lasts ten minutes and can be answered once.',
  'wallet-verifier.number': 'Ask for the confirmation number',
  'wallet-verifier.number-lead':
    'The screen of whoever has shown it has a number of six digits. Have them tell it to you and type it to see the content: so it is certain that they agree.',
  'wallet-verifier.tries': 'Tries left: {count}.',
  'wallet-verifier.show': 'Show the content',
  'wallet-verifier.ended-declined': 'The holder refused, or has no such certificate in the wallet.',
  'wallet-verifier.ended-number': 'After five wrong numbers what was shown has been deleted.',
  'wallet-verifier.again': 'Make a new request',
  'wallet-verifier.shown-until':
    'Displayed on {at}. It is deleted ten minutes after it was shown; print it to keep it.',
  'wallet-verifier.link': 'Verify a certificate in a wallet (no log-in)',
  'wallet-number.title': 'You have shown a certificate',
  'wallet-number.lead':
    'You have shown: {kind}. The other screen shows nothing yet. Tell this number to whoever asked, and they see the content.',
  'wallet-number.number': 'Confirmation number',
  'wallet-number.warning': 'Be sure to whom you tell it',
  'wallet-number.warning-text':
    'Anybody can make such a request. Unless it is somebody to whom you meant to show it, tell nobody and close this page. It is deleted in ten minutes.',
} as const satisfies Record<keyof typeof walletJa, string>;
