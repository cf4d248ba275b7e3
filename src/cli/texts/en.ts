import { verificationEn } from '../../verification/texts/en.ts';
import type { CliTextKey } from './ja.ts';

export const en: Readonly<Record<CliTextKey, string>> = {
  ...verificationEn,
  help: `hikitsugi: send a pupil's records to the next school, receive them, verify them offline

usage: hikitsugi <command> [arguments] [--json] [--lang ja|en] [--profile name or path]

  login        register a gateway for this school-affairs system
  pupils       the roll of this school
  send         draft, upload, ask for approval; seal and deposit once approved
  seal         seal with the school’s own key, on this machine
  inbox        what has come (--sent: what is being sent)
  show         one case as it is now
  open         open by acceptance code or by matching the pupil
  download     save documents and ASiC-E containers
  acknowledge  acknowledge the records (受領書)
  return       send back unopened
  withdraw     take back before it is opened
  receipts     signed receipts and their proofs from the log
  verify       verify a container, receipt, manifest or PDF offline
  verify-log   verify an exported log offline
  export-log   fetch the public part of a log
  witness      cosign what a log has grown into, for a board of education

exit codes: 0 ok   1 verification failed, or refused   2 usage   3 could not check
about one command: hikitsugi <command> --help`,
  'help.login': `hikitsugi login --origin https://… --client ID --key FILE

Proves that this school-affairs system can log in, and keeps where in a profile that only its owner can read (0600).
The key is a JWK or PKCS#8 PEM (P-256: ES256, RSA: RS256); the key itself is not copied.`,
  'help.pupils': `hikitsugi pupils

Shows the roll of this school: id, class, name, kana.`,
  'help.send': `hikitsugi send --pupil ID (--to SCHOOL-CODE | --code ACCEPTANCE-CODE) [--kind advancement|schoolTransfer]
               [--purpose TEXT] [--incomplete] [--no-submit] KIND[:FORM[:TITLE]]=FILE …
hikitsugi send --case ID [KIND=FILE …]                       go on where it ended
hikitsugi send --case ID --seal --confirm LAST4 --deposit    after the approval

Drafts, uploads with Repr-Digest and asks for approval. Approving is for people.
--confirm is the last four digits of the recipient's school code: compare the school, then type them.
kinds: cumulativeRecord cumulativeRecordCore priorRecord healthCard dentalCard enrolmentCertificate
       textbookCertificate transcript creditCertificate admissionReport accidentInsuranceStatus other
forms: original copy extract`,
  'help.inbox': `hikitsugi inbox [--sent] [--state STATE] [--all]

Shows what has come (--sent: what is being sent), newest first.`,
  'help.show': `hikitsugi show CASE

Shows state, documents and verdicts of one case.`,
  'help.open': `hikitsugi open CASE (--code ACCEPTANCE-CODE | --kana KANA --birth-date YYYY-MM-DD) [--homeroom CLASS]

Opens after the match, then verifies seal, issuer, time and content. Ends with 1 when that failed, 3 when it could not
be checked.`,
  'help.download': `hikitsugi download CASE (--all | --container records|health … | --document ID …) [--out FOLDER]

A file appears only when it has arrived whole and is what was sealed.`,
  'help.acknowledge': `hikitsugi acknowledge CASE

Acknowledges the records (受領書). Custody of the health card moves with it.`,
  'help.return': `hikitsugi return CASE --reason TEXT

Sends a wrong arrival back unopened.`,
  'help.withdraw': `hikitsugi withdraw CASE … --reason TEXT

Takes packages back before they are opened, up to 200 at once, and says of each what became of it.
Exit code 1 when any was not withdrawn.`,
  'help.receipts': `hikitsugi receipts CASE [--out FOLDER] [--wait SECONDS]

Lists the signed receipts; with --out saves each with its proof from the log (.tlog-proof).`,
  'help.verify': `hikitsugi verify FILE … --trust FOLDER-or-trust.json [--crl FOLDER] [--proof FILE.tlog-proof] [--renewal FILE.renewal.json]

Verifies an ASiC-E container, a receipt (JWS), a sealed manifest (JWS) or a PDF without asking any server.
The --trust folder has trust.json and the certificate that signed it, gateway-evidence.pem.
--crl is a folder of revocation lists (*.crl); without it revocation "could not be checked".
For a credential (SD-JWT VC): --status-list FILE gives a status list; --fetch-status fetches the list that a trusted issuer
names, and asks nothing else of anybody; --audience URL --nonce TEXT check that its holder showed it for you;
--shared-with NAME checks that a share’s is for you.
For the second QR code of a certificate (what it holds, in a file): --seal FILE gives the seal’s certificates (PEM); a PDF named
with it is compared with it.
exit codes: 0 all valid   1 failed   3 something could not be checked`,
  'help.verify-log': `hikitsugi verify-log FOLDER (--trust FOLDER | --log-key KEY) [--policy FILE] [--older CHECKPOINT] [--proof FILE …]

Verifies signature, whole tree and entries of an exported log; with --older also that it grew out of that checkpoint,
with --policy (C2SP tlog-policy) that enough witnesses have seen it.`,
  'help.export-log': `hikitsugi export-log --out FOLDER [--year SCHOOL-YEAR] [--origin https://…]

Fetches the public part of a log: checkpoint and tiles of hashes. Needs no log-in.`,
  'help.witness': `hikitsugi witness --folder FOLDER --name NAME --new
hikitsugi witness --folder FOLDER --name NAME --log LOG-KEY … [--host 127.0.0.1] [--port 8790]

Runs a witness (C2SP tlog-witness) until it is ended: it cosigns each checkpoint that a log has grown into, and never two
histories of one log. --new makes its key and its empty state once, and prints the key for policy files. What it has seen
stands in the folder; a witness whose folder is lost begins again with a new key. Requests that show a second history are
kept in evidence/. Behind it belongs a proxy with HTTPS.`,

  'usage.hint': 'usage: hikitsugi --help, hikitsugi <command> --help',
  'usage.command': 'there is no command "{command}"',
  'usage.option': 'the arguments are not right ({reason})',
  'usage.operandMissing': 'an argument is missing',
  'usage.operandTooMany': 'one argument too many: {operand}',
  'usage.lang': '--lang is ja or en',
  'usage.oneOf': '{option}: one of {allowed}',
  'usage.login': '--origin, --client and --key are needed',
  'usage.origin': '{origin}: give an https:// origin (http only on this machine)',
  'help.seal': `hikitsugi seal CASE FILE … --key PRIVATE-KEY.pem --certificates CHAIN.pem --confirm LAST4

Seals an approved package with the school's own seal key, on this machine. The key is never sent. Before anything
is signed, the manifest is compared: it must list exactly these files, and the school whose last digits you typed.`,
  'usage.seal': '--key and --certificates are needed',
  'usage.send': '--pupil and one of --to and --code are needed (--case to go on)',
  'usage.confirm': '--seal needs --confirm, the last four digits of the school code',
  'usage.document': '"{operand}": name a document as KIND[:FORM[:TITLE]]=FILE',
  'usage.mediaType': '{path}: give a pdf, json, jpg or png file',
  'usage.caseId': '"{id}" does not look like the id of a case',
  'usage.open': '--code, or --kana and --birth-date, are needed',
  'usage.reason': '--reason is needed',
  'usage.download': 'one of --all, --container, --document is needed',
  'usage.noDocument': '{id}: this case has no such document',
  'usage.wait': '--wait is a number of seconds',
  'usage.trust': '--trust (a folder with trust.json) is needed',
  'usage.holder': '--audience and --nonce go together',
  'usage.proof': '--proof goes with one receipt',
  'usage.policy': '{path}, line {line}: {reason}',
  'usage.witness': '--folder, --name, and --new or --log are needed; --port is a number',
  'usage.logKey': '--log-key is name+id+key',
  'usage.exportLog': '--out is needed; --year has four digits',

  'profile.missing': 'no profile ({path}): run hikitsugi login first',
  'profile.malformed': 'the profile cannot be read ({path}): run hikitsugi login again',
  'key.missing': 'the key file cannot be read: {path}',
  'key.malformed': 'no usable key (a private key P-256 or RSA, as JWK or PKCS#8 PEM): {path}',
  'key.exposed': 'note: others may read the key file. chmod 600 {path}',
  'login.done': '✓ connected to {origin} as {client} ({scope}). profile: {path}',
  'login.refused': 'the log-in was refused (HTTP {status}): check origin, client id, key and clock',
  'gateway.unreachable': '{origin} cannot be reached',
  'file.missing': 'cannot be read: {path}',
  'file.unknown': '{path}: neither a container nor a receipt, a manifest, a code of a certificate or a PDF',
  'trust.missing': 'there is no trust list: {path} ({pin} has to lie beside it)',
  'trust.refused': 'the signature of the trust list cannot be verified: {path} ({reason})',
  'witness.made': 'the witness is made in {folder}; its key for policy files:',
  'witness.listens': 'the witness listens on {host}:{port}',
  'witness.ended': 'the witness has ended',
  'witness.fork': '! a log has shown a second history; the request is kept as evidence',
  'witness.unproven': '! a checkpoint that has not been proved to grow out of what was seen; the request is kept',
  'witness.exists': 'there is a witness in {folder} already, or it cannot be written to',
  'witness.key': 'not the PKCS#8 of an Ed25519 key, or not a name for it: {path}',
  'witness.port': 'cannot listen on {hostname}:{port}',
  'witness.state-damaged': 'what the witness has seen cannot be read: {path}',
  'witness.state-in-use': 'another process has this, or it is there already: {path}',
  'witness.state-missing': 'what the witness has seen is gone: {path}. It must not begin again with the same key',
  'log.unreadable': 'the log cannot be read: {path}',
  'log.keyUnknown': 'the trust list has no key for this log',
  'log.counts': '{size} entries ({entries} with their content checked, {slices} slices)',
  'log.valid': 'the log is right and nothing in it was changed',
  'log.invalid': 'the log is not right',
  'download.cut': 'it was cut short and is not saved: {path}',
  'download.digest': 'the content is not what was sealed and is not saved: {path}',
  'receipts.noProof': '? the log has no proof yet: try again later',
  'inbox.empty': 'nothing',
  'inbox.more': '… there is more (--all)',
  'exportLog.done': '✓ {size} entries of {origin} written to {folder}',

  'verdict.seal': 'seal',
  'sender-key.fingerprint': 'Fingerprint of the sender’s key (SHA-256)',
  'sender-key.since': 'Registered as the sender’s key',
  'sender-key.never': 'never',
  'sender-key.unknown': 'Sealed with a key that the sender has not registered. Compare the fingerprint by telephone',
  'sender-key.doubted': 'The log does not hold this registration of the key. Compare the fingerprint by telephone',
  'sender-key.new': 'Sealed with a key registered less than 30 days before. Compare the fingerprint by telephone',
  'case.id': 'case',
  'case.state': 'state',
  'case.pupil': 'pupil',
  'case.sender': 'sender',
  'case.recipient': 'recipient',
  'state.draft': 'draft',
  'state.submitted': 'waiting for approval',
  'state.approved': 'approved',
  'state.sealed': 'sealed',
  'state.deposited': 'deposited',
  'state.opened': 'opened',
  'state.acknowledged': 'acknowledged',
  'state.returned': 'returned',
  'state.withdrawn': 'withdrawn',
  'withdraw.withdrawn': 'withdrawn',
  'withdraw.alreadyOpened': 'opened already',
  'withdraw.notWithdrawable': 'not in a state to be withdrawn',
  'withdraw.notFound': 'not found',
  'withdraw.incident':
    '→ what was opened: call the receiving school, and report it to the principal and the founder as a possible leak',
  'seal.differs': 'Not sealed: the manifest differs from what was given ({what})',
  'next.draft': '→ add documents: hikitsugi send --case {id} KIND=FILE …',
  'next.submitted': '→ waiting for the principal',
  'next.approved': '→ compare the school, then: hikitsugi send --case {id} --seal --confirm LAST4 --deposit',
  'next.sealed': '→ hikitsugi send --case {id} --deposit',
  'next.none': '→ receipts: hikitsugi receipts {id} --out FOLDER',
  'kind.cumulativeRecord': 'cumulative record',
  'kind.cumulativeRecordCore': 'cumulative record, data',
  'kind.priorRecord': 'record of the school before',
  'kind.healthCard': 'health card',
  'kind.dentalCard': 'dental card',
  'kind.enrolmentCertificate': 'certificate of enrolment',
  'kind.textbookCertificate': 'textbook certificate',
  'kind.transcript': 'transcript',
  'kind.creditCertificate': 'certificate of credits',
  'kind.admissionReport': 'admission report',
  'kind.accidentInsuranceStatus': 'accident insurance status',
  'kind.other': 'other',
  'form.original': 'original',
  'form.copy': 'copy',
  'form.extract': 'extract',
};
