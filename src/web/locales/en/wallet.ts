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
  'wallet-offer.title': 'Put it into a wallet',
  'wallet-offer.lead':
    'This certificate can be put into a wallet on a phone (one that knows OpenID4VCI 1.0). It is bound to the key of that wallet, so nobody else can use it.',
  'wallet-offer.make': 'Show the QR code',
  'wallet-offer.scan':
    'Read the QR code with the wallet, and type the number below when it asks. The button opens a wallet on this device.',
  'wallet-offer.code': 'QR code for the wallet',
  'wallet-offer.open': 'Open a wallet on this device',
  'wallet-offer.pin': 'Number for the wallet',
  'wallet-offer.pin-text':
    'This number is shown now and never again. Type it into the wallet alone and tell it to nobody. After five wrong ones this QR code stops working.',
  'wallet-offer.warning': 'Show this page to nobody else',
  'wallet-offer.until': 'QR code and number work once, until {at}.',
  'wallet-consent.title': 'Give a certificate to a wallet',
  'wallet-consent.lead': 'A wallet wants this certificate. Give it if it was you who began.',
  'wallet-consent.wallet': 'Wallet to return to',
  'wallet-consent.agree': 'Give it to this wallet',
  'wallet-consent.decline': 'Do not give it',
  'wallet-consent.back': 'Back to the wallet',
  'wallet-consent.back-lead': 'Return to the wallet with the button to finish. Do so within a minute.',
  'wallet-consent.return': 'Return to the wallet',
} as const satisfies Record<keyof typeof walletJa, string>;
