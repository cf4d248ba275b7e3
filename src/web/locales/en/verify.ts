import type { verifyJa } from '../ja/verify.ts';

export const verifyEn = {
  'verifier.title': 'Verify a document',
  'verify.lead':
    'See without a log-in whether a container, a receipt, a sealed manifest, a credential or a PDF of Hikitsugi is genuine. Files are looked at inside this browser alone; nothing is sent anywhere. About a certificate only the code on it is asked of this site, to see whether it still counts.',
  'code.title': 'Look up a certificate by its code',
  'code.lead': 'For a certificate on paper: see whether it still counts, without a camera. No name is shown.',
  'code.label': 'Code on the paper',
  'code.hint':
    'The 16 letters and digits at the end of the address beside the first QR code. Blanks, hyphens, lower case and full width are all fine.',
  'code.look': 'See how it stands',
  'code.wrong-empty': 'Type the code that stands on the paper.',
  'code.wrong-number':
    'This is the number of the certificate. Type the code at the end of the address beside the first QR code (16 letters and digits).',
  'code.wrong-characters':
    'A code has the letters A to Z and the digits 2 to 7 only. What looks like 0, 1 or 8 is O, I or B.',
  'code.wrong-length': 'A code has 16 letters and digits. Look whether one is missing or there twice.',
  'verify.files': 'Choose files',
  'verify.drop': 'Drop files here, or choose them by the button below.',
  'verify.files-hint':
    'Up to 20 at once, 64 MB each. Choose a receipt (.jws.json) together with its proof (.tlog-proof) to check that it stands in the log. A renewal record (renewal.json) and a policy of witnesses (policy.txt) can be chosen with it too.',
  'verify.paste': 'Or paste the content',
  'verify.paste-hint':
    'Paste the text of a credential or of a certificate’s second QR code (it begins with “ey”), a receipt or a manifest (it begins with “{”).',
  'verify.button': 'Verify what was pasted',
  'verify.camera': 'Read a QR code by the camera',
  'verify.video': 'Picture of the camera',
  'verify.results': 'Results',
  'verify.none': 'Choose a file, and the results appear here.',
  'verify.no-script': 'To verify on this page your browser needs JavaScript. Without it, verify in one of these ways.',
  'verify.print': 'Print the results',
  'verify.by-command': 'By the command hikitsugi verify FILE --trust LIST (sends nothing)',
  'verify.by-api': 'By the API: POST /api/verifications (this sends the file to this server)',
  'verify.by-hand': 'By common tools such as openssl: see docs/verify-by-hand.md, which comes with this software',
  'verify.offline': 'Verify without a network',
  'verify.offline-lead':
    'Save one file (verify.html), and verify as on this page where there is no network. It holds today’s trust list and revocation lists. Revocation lists run out, so save it anew now and then.',
  'verify.save': 'Save verify.html',
  'verify.trust': 'Save the trust list',
  'verify.link': 'Verify a document',
} as const satisfies Record<keyof typeof verifyJa, string>;
