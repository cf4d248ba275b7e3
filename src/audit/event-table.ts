import type { DetailField } from './event-fields.ts';
import type { AuditEventName } from './event-names.ts';

/**
 * In whose ledger an event stands. `school`: of the school that acted. `case`: that, and of the person whom the case or
 * certificate concerns. `bothSides`: each side of the case has an entry of its own, and the person. `nobody`: only the log tells it.
 */
export type SeenBy = 'school' | 'case' | 'bothSides' | 'nobody';

export interface EventDescription<Field extends DetailField = DetailField> {
  readonly seenBy: SeenBy;
  readonly ja: string;
  readonly en: string;
  /** Fields of the sealed detail; an entry has some of them, besides those that any entry may have. */
  readonly detail: readonly Field[];
  /** The name is kept for an act that is not built yet: nothing writes it. */
  readonly isReserved: boolean;
}

/** The one table of what the log may say (docs/audit-events.md): an event or a field that is not in it does not compile. */
export const auditEventTable = {
  // who is asking
  'login.done': nobody(
    'ログインしました',
    'logged in',
    'staff',
    'person',
    'session',
    'assurance',
    'revocation',
    'code',
  ),
  'login.renewed': nobody('ログインし直しました', 'logged in again', 'session', 'staff', 'person', 'assurance'),
  'login.way-added': nobody(
    'ログイン方法を加えました',
    'added a way of logging in',
    'person',
    'session',
    'added',
    'assurance',
  ),
  'login.way-removed': nobody(
    'ログイン方法を外しました',
    'removed a way of logging in',
    'person',
    'session',
    'way',
    'assurance',
  ),
  'login.disowned': school(
    '自分のログインではないと届け出ました',
    'said that a log-in was not theirs',
    'logIn',
    'session',
    'person',
    'staff',
    'assurance',
  ),
  'logout.done': nobody(
    'ログアウトしました',
    'logged out, or a session was ended',
    'session',
    'by',
    'person',
    'staff',
    'assurance',
  ),
  'school.chosen': school(
    '役割を選びました',
    'chose a role at a school',
    'staff',
    'session',
    'membership',
    'assurance',
  ),
  'person.linked': school(
    '本人・保護者の結び付きを確認しました',
    'confirmed a person’s link to a pupil',
    'link',
    'by',
    'assurance',
  ),
  'person.unlinked': school(
    '本人・保護者の結び付きを終えました',
    'ended a person’s link to a pupil',
    'link',
    'by',
    'person',
    'assurance',
  ),
  'linking-code.issued': school(
    '登録番号を発行しました',
    'issued a linking code',
    'code',
    'pupil',
    'guardian',
    'by',
    'assurance',
  ),
  'linking-code.redeemed': school('登録番号を使いました', 'used a linking code', 'person', 'link', 'assurance'),
  'linking-code.withdrawn': school('登録番号を取り消しました', 'withdrew a linking code', 'code', 'by', 'assurance'),
  'guardian.entered': school('保護者を登録しました', 'entered a guardian', 'guardian', 'by', 'assurance'),
  'guardian.corrected': school(
    '保護者の登録を直しました',
    'corrected a guardian’s record',
    'guardian',
    'fields',
    'by',
    'assurance',
  ),
  'guardian.confirmed': school('保護者の登録を確認しました', 'confirmed a guardian', 'guardian', 'by', 'assurance'),
  'guardian.disputed': school(
    '保護者の登録を確認中にしました',
    'put a guardian’s record in doubt',
    'guardian',
    'by',
    'assurance',
  ),
  'guardian.settled': school(
    '保護者の登録の確認を終えました',
    'settled the doubt',
    'guardian',
    'outcome',
    'by',
    'assurance',
  ),
  'guardian.ended': school(
    '保護者の登録を終えました',
    'ended a guardian’s record',
    'guardian',
    'lastDay',
    'by',
    'assurance',
  ),
  'guardian.restored': school(
    '保護者の登録を戻しました',
    'restored a guardian’s record',
    'guardian',
    'by',
    'assurance',
  ),
  'guardian.access-granted': school(
    '成年の本人が閲覧に同意しました',
    'an adult pupil consented to a guardian’s access',
    'guardian',
    'consent',
    'scope',
    'until',
    'by',
    'assurance',
  ),
  'guardian.access-withdrawn': school(
    '閲覧の同意を取り消しました',
    'took that consent back',
    'consent',
    'guardian',
    'link',
    'by',
    'assurance',
  ),
  'access.reported': onCase('閲覧に心当たりがないと知らせました', 'did not recognise an access', 'line', 'report'),
  'access-code.issued': school(
    'ログイン用の用紙を発行しました',
    'issued a paper for logging in',
    'code',
    'pupil',
    'guardian',
    'by',
    'assurance',
  ),
  'access-code.entered': school('用紙の番号が入力されました', 'a paper’s number was typed in', 'code'),
  'access-code.locked': school('用紙が使えなくなりました', 'a paper was locked after failures', 'code'),
  'access-code.released': school('用紙を使えるようにしました', 'released a locked paper', 'code', 'by', 'assurance'),
  'access-code.withdrawn': school('用紙を取り消しました', 'withdrew a paper', 'code', 'by', 'assurance'),
  'machine.token-issued': school(
    '校務支援システムに鍵札を渡しました',
    'issued an access token to a system',
    'client',
    'scope',
  ),
  'machine.registered': school(
    '校務支援システムを登録しました',
    'registered a school-affairs system',
    'client',
    'proposedBy',
  ),
  'machine.changed': school(
    '校務支援システムの範囲を変えました',
    'changed what a system may do',
    'client',
    'proposedBy',
  ),
  'machine.key-added': school(
    '校務支援システムの鍵を加えました',
    'added a key of a system',
    'client',
    'proposedBy',
    'thumbprint',
  ),
  'machine.key-retired': school('校務支援システムの鍵を終えました', 'ended a key of a system', 'client', 'thumbprint'),
  'machine.blocked': school('校務支援システムを止めました', 'blocked a system', 'client'),
  'machine.unblocked': school('校務支援システムを再開しました', 'unblocked a system', 'client'),
  'machine.deleted': school('校務支援システムを削除しました', 'deleted a system', 'client'),
  'access.denied': school('アクセスしようとしました', 'tried to get access', 'client'),
  // people and roles
  'member.granted': school('役割を付けました', 'gave a role', 'id', 'role', 'staff', 'by', 'proposedBy'),
  'member.invited': school(
    '職員を招待しました',
    'invited a member of staff',
    'id',
    'role',
    'staff',
    'by',
    'proposedBy',
  ),
  'member.changed': school('役割を変えました', 'changed a role', 'id', 'role', 'staff', 'by', 'proposedBy'),
  'member.ended': school('役割を終えました', 'ended a role', 'id', 'role', 'staff', 'by', 'proposedBy'),
  'member.joined': school('招待に応じました', 'took up an invitation', 'staff', 'membership'),
  'invitation.code-issued': school('招待の番号を発行しました', 'issued the code of an invitation', 'invitation'),
  'invitation.cancelled': school('招待を取り消しました', 'cancelled an invitation', 'invitation'),
  'members.exported': school('職員の一覧を書き出しました', 'exported the list of staff', 'count'),
  'members.imported': school('職員の一覧を取り込みました', 'imported a list of staff'),
  'persons.merged': school(
    '二つのアカウントを一人としました',
    'made two accounts one person',
    'one',
    'two',
    'accounts',
  ),
  'person.split': school('アカウントを別の人に戻しました', 'made an account a person of its own again', 'account'),
  'administrator.appointed': nobody(
    '設置者の管理者を任じました',
    'appointed an administrator of a founder',
    'staff',
    'founder',
  ),
  'proposal.made': school('二人の確認を求めました', 'proposed what needs a second person', 'proposal', 'kind'),
  'proposal.confirmed': school('提案を確認しました', 'confirmed a proposal', 'proposal', 'kind', 'proposedBy'),
  'proposal.cancelled': school('提案を取り消しました', 'cancelled a proposal', 'proposal', 'kind'),
  // the procedure
  'case.created': onCase('案件を作りました', 'drafted a case'),
  'case.addressed': onCase('送付先を決めました', 'addressed the case'),
  'case.matched': reserved(onCase('児童・生徒を照合しました', 'matched the pupil')),
  'case.cancelled': reserved(onCase('案件を取りやめました', 'cancelled the case')),
  'case.expired': reserved(onCase('預かり期限が過ぎました', 'the case expired')),
  'acceptance-code.issued': school('受取番号を発行しました', 'issued an acceptance code'),
  'acceptance-code.cancelled': school('受取番号を取り消しました', 'cancelled an acceptance code'),
  'acceptance-code.proved': reserved(onCase('受取番号を確かめました', 'proved an acceptance code')),
  'document.added': onCase('書類を加えました', 'added a document'),
  'document.removed': onCase('書類を除きました', 'removed a document'),
  'package.approval-requested': onCase('決裁を求めました', 'asked for approval'),
  'package.approved': onCase('決裁しました', 'approved the package'),
  'package.approval-withdrawn': onCase('起案に戻しました', 'took it back to the draft'),
  'package.sealed': onCase('封緘しました', 'sealed the package', 'sealedBy'),
  'package.deposited': bothSides('預け入れました', 'deposited the package'),
  'package.withdrawn': bothSides('取り下げました', 'withdrew the package'),
  'package.opened': bothSides('開封しました', 'opened the package', 'proof', 'rule'),
  'package.returned': bothSides('差し戻しました', 'returned the package'),
  'package.verified': onCase('検証しました', 'verified the package', 'outcome'),
  'package.acknowledged': bothSides('受領しました', 'acknowledged the package'),
  'package.evidence-renewed': school('証拠を更新しました', 'renewed the evidence', 'stamps', 'countsUntil'),
  'document.handed-over': onCase('書類を渡しました', 'handed a document over'),
  'container.handed-over': onCase('書類一式を渡しました', 'handed a container over', 'visibility'),
  'custody.moved': bothSides('保管者が移りました', 'custody moved'),
  // 緊急閲覧: reading what one's role does not read, under everybody's eyes
  'break-glass.opened': onCase('緊急閲覧をしました', 'opened a document by break-glass', 'breakGlass', 'document'),
  'break-glass.read': onCase('緊急閲覧で読みました', 'read it by break-glass', 'breakGlass'),
  'break-glass.ended': onCase('緊急閲覧を終えました', 'ended the break-glass', 'breakGlass', 'justified'),
  'break-glass.reviewed': onCase('緊急閲覧を確かめました', 'reviewed the break-glass', 'breakGlass', 'justified'),
  // 氏名の開示: the same for a board, which opens a name and nothing else
  'board-glass.opened': onCase('教育委員会が氏名を開きました', 'a board opened the pupil’s name', 'breakGlass'),
  'board-glass.read': onCase('教育委員会が氏名を見ました', 'a board read the pupil’s name', 'breakGlass'),
  'board-glass.ended': onCase('氏名の開示を終えました', 'ended the board’s opening', 'breakGlass'),
  'board-glass.reviewed': onCase('氏名の開示を確かめました', 'reviewed the board’s opening', 'breakGlass', 'justified'),
  // 支援措置: who needs to know
  'protection.entered': school('支援措置を登録しました', 'entered a protection order', 'order', 'subject', 'named'),
  'protection.changed': school('支援措置を変えました', 'changed a protection order', 'order', 'named', 'reviewOn'),
  'protection.clearance-asked': school('保護者への開示を求めました', 'asked to clear a guardian', 'order', 'guardian'),
  'protection.cleared': school('保護者への開示を認めました', 'cleared a guardian', 'order', 'guardian'),
  'protection.clearance-ended': school('保護者への開示を終えました', 'ended a clearance', 'order', 'guardian'),
  'protection.lift-asked': school('支援措置の終わりを求めました', 'asked to lift a protection order', 'order'),
  'protection.lift-refused': school('支援措置を続けることにしました', 'refused to lift a protection order', 'order'),
  'protection.lifted': school('支援措置を終えました', 'lifted a protection order', 'order'),
  // keys and custody
  'seal-key.imported': school('封緘の鍵を登録しました', 'registered a seal key', 'fingerprint'),
  'seal-key.withdrawn': school('封緘の鍵の使用を終えました', 'withdrew a seal key', 'fingerprint'),
  'seal-key.doubted': school('封緘の鍵が登録と一致しません', 'a seal key is not what was registered', 'fingerprint'),
  'organisation-key.created': reserved(nobody('組織の鍵を作りました', 'made an organisation’s key of the month')),
  'case-key.shredded': reserved(nobody('案件の鍵を廃棄しました', 'shredded a case’s key')),
  'document.shredded': reserved(nobody('書類を廃棄しました', 'shredded a document')),
  'hold.placed': reserved(school('廃棄を止めました', 'placed a hold')),
  'hold.released': reserved(school('廃棄の停止を解きました', 'released a hold')),
  // certificates
  'certificate-register.changed': school(
    '証明の台帳を変えました',
    'changed the register',
    'entry',
    'change',
    'formerSchool',
    'reason',
  ),
  'certificate-register.imported': school('証明の台帳に取り込みました', 'imported into the register'),
  'certificate-template.drafted': school('ひな形を起案しました', 'drafted a template', 'template', 'kind'),
  'certificate-template.published': school('ひな形を定めました', 'put a template in force', 'template', 'kind'),
  'certificate-settings.changed': school('発行の設定を変えました', 'changed what is offered', 'offered', 'atOnce'),
  'certificate.requested': onCase(
    '証明書が請求されました',
    'a certificate was asked for',
    'request',
    'kind',
    'relation',
    'replaces',
    'replacement',
  ),
  'certificate.request-withdrawn': onCase('請求が取り下げられました', 'a request was taken back', 'request', 'kind'),
  'certificate.request-refused': onCase('請求を断りました', 'a request was refused', 'request', 'kind', 'reason'),
  'certificate.checked': onCase('請求を確認しました', 'checked a request', 'request', 'kind'),
  'certificate.approved': onCase('発行を決裁しました', 'approved a certificate', 'request', 'kind', 'content', 'by'),
  'certificate.sent-back': onCase(
    '発行できず戻しました',
    'a request went back to the office',
    'request',
    'kind',
    'reason',
  ),
  'certificate.issued': onCase(
    '証明書を発行しました',
    'issued a certificate',
    'request',
    'kind',
    'certificate',
    'number',
  ),
  'certificate.handed-over': onCase(
    '証明書を渡しました',
    'handed a certificate over',
    'request',
    'kind',
    'certificate',
    'share',
    'form',
  ),
  'certificate.renewed': school(
    '証明書の証拠を更新しました',
    'renewed a certificate’s evidence',
    'request',
    'kind',
    'certificate',
    'former',
    'countsUntil',
  ),
  'certificate.revocation-asked': onCase(
    '失効を求めました',
    'asked to revoke a certificate',
    'request',
    'kind',
    'certificate',
    'reason',
  ),
  'certificate.revocation-declined': onCase(
    '失効を認めませんでした',
    'declined to revoke',
    'request',
    'kind',
    'certificate',
    'asked',
    'reason',
  ),
  'certificate.revocation-taken-back': onCase(
    '失効の求めを取り下げました',
    'took back the wish to revoke',
    'request',
    'kind',
    'certificate',
    'asked',
  ),
  'certificate.superseded': onCase(
    '新しい証明書に替わりました',
    'a newer certificate took its place',
    'request',
    'kind',
    'certificate',
    'number',
    'by',
  ),
  'certificate.revoked': onCase(
    '証明書を失効しました',
    'revoked a certificate',
    'request',
    'kind',
    'certificate',
    'reason',
  ),
  'credential.issued': onCase(
    'デジタル証明書を発行しました',
    'issued a credential',
    'request',
    'kind',
    'certificate',
    'credential',
    'holder',
  ),
  'certificate.share-made': onCase('共有を作りました', 'made a share', 'request', 'kind', 'certificate', 'share'),
  'certificate.share-opened': onCase(
    '共有が開かれました',
    'a share was opened',
    'request',
    'kind',
    'certificate',
    'share',
  ),
  'certificate.share-withdrawn': onCase(
    '共有をやめました',
    'withdrew a share',
    'request',
    'kind',
    'certificate',
    'share',
  ),
  'credential.exported': onCase(
    '成績をデジタルバッジで書き出しました',
    'exported a transcript as a badge',
    'request',
    'kind',
    'certificate',
    'credential',
    'format',
  ),
  'badge-key.made': school('バッジの鍵を作りました', 'made the key for badges', 'thumbprint'),
  // wallets
  'credential.offered': school(
    'ウォレットへの受渡しを始めました',
    'offered a credential to a wallet',
    'certificate',
    'kind',
  ),
  'credential.authorised': school('ウォレットを認めました', 'authorised a wallet', 'certificate', 'kind'),
  'credential.code-redeemed': school(
    'ウォレットが番号を使いました',
    'a wallet redeemed its code',
    'certificate',
    'kind',
  ),
  'presentation.asked': nobody('ウォレットに提示を求めました', 'asked a wallet for a certificate', 'kind'),
  'presentation.shown': nobody(
    'ウォレットが提示しました',
    'a wallet showed a certificate',
    'kind',
    'outcome',
    'reason',
  ),
  'presentation.released': nobody('提示の結果を渡しました', 'released what a wallet showed', 'kind', 'by'),
  // alerts to those who look after a school or a board
  'alert.raised': school('知らせを出しました', 'raised an alert', 'alert', 'alertRule'),
  'alert.acknowledged': school('知らせを確認しました', 'acknowledged an alert', 'alert', 'alertRule'),
  'alert.closed': school('知らせを終えました', 'closed an alert', 'alert', 'alertRule', 'reason'),
  'alert.reopened': school('知らせをもう一度開きました', 'reopened an alert', 'alert', 'alertRule'),
  'alert.threshold-changed': school(
    '知らせの目安を変えました',
    'changed a threshold of alerts',
    'alertRule',
    'threshold',
    'former',
  ),
  // the calendar of a board's schools
  'closure.added': school('休業日を登録しました', 'entered a closure', 'closure', 'firstDay', 'lastDay'),
  'closure.removed': school('休業日を取り消しました', 'took a closure back', 'closure'),
  // looking
  'certificate-register.read': onCase('証明の台帳の記載を読みました', 'read an entry of the register', 'entry'),
  'ledger.viewed': school('記録の履歴を見ました', 'looked at who did what', 'count'),
  'log.exported': school('台帳の自分の記載を書き出しました', 'exported own entries of the log', 'slice', 'kind'),
  'ledger-hold.asked': school('履歴の表示の保留を求めました', 'asked to hold lines of a ledger back', 'hold'),
  'ledger-hold.confirmed': school('履歴の表示の保留を確認しました', 'confirmed that lines are held back', 'hold'),
  'ledger-hold.ended': school('履歴の表示の保留を終えました', 'ended the holding back', 'hold'),
  'access-report.answered': onCase('心当たりがないという報告に答えました', 'answered such a report', 'line', 'report'),
  'access-report.closed': onCase('心当たりがないという報告を終えました', 'closed such a report', 'line', 'report'),
  'evidence.signed': reserved(nobody('証拠に署名しました', 'signed evidence')),
} satisfies Readonly<Record<AuditEventName, EventDescription>>;

/** In any entry: who acted, how they had logged in; and of a refusal, which case was attempted. */
export const commonFields = ['actor', 'assurance', 'attemptedCase'] as const satisfies readonly DetailField[];

type FieldOf<Name extends AuditEventName> =
  | (typeof auditEventTable)[Name]['detail'][number]
  | (typeof commonFields)[number];

/** What the detail of an event may say; of one of several events, what any of them may. */
export type DetailOf<Name extends AuditEventName> = {
  readonly [Field in FieldOf<Name>]?: string | number | boolean | null;
};

/** What the detail of any event may say. */
export type AnyDetail = DetailOf<AuditEventName>;

/** A detail without any other field, also where it was put together elsewhere: objects may have more than their type says. */
export type ExactDetail<Name extends AuditEventName, Detail> = Detail & {
  readonly [Field in Exclude<keyof Detail, FieldOf<Name>>]: never;
};

function school<Field extends DetailField = never>(ja: string, en: string, ...detail: readonly Field[]) {
  return describe('school', { ja, en }, detail);
}

function onCase<Field extends DetailField = never>(ja: string, en: string, ...detail: readonly Field[]) {
  return describe('case', { ja, en }, detail);
}

function bothSides<Field extends DetailField = never>(ja: string, en: string, ...detail: readonly Field[]) {
  return describe('bothSides', { ja, en }, detail);
}

function nobody<Field extends DetailField = never>(ja: string, en: string, ...detail: readonly Field[]) {
  return describe('nobody', { ja, en }, detail);
}

function describe<Field extends DetailField>(
  seenBy: SeenBy,
  name: { readonly ja: string; readonly en: string },
  detail: readonly Field[],
): EventDescription<Field> {
  return { seenBy, ...name, detail, isReserved: false };
}

function reserved<Field extends DetailField>(event: EventDescription<Field>): EventDescription<Field> {
  return { ...event, isReserved: true };
}
