import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { defaultWording } from '../certificates/default-wording.ts';
import { openCertificateFont } from '../certificates/drawing/font.ts';
import { certifiable } from '../certificates/rules.ts';
import { statementOf } from '../certificates/statement.ts';
import { systemClock } from '../clock.ts';
import { issueCredential } from '../crypto/sd-jwt/issue.ts';
import { webCryptoSigner } from '../crypto/signer.ts';
import { packStatuses, statusListSize } from '../crypto/status-list/entries.ts';
import { signStatusList } from '../crypto/status-list/sign.ts';
import { timestampService } from '../crypto/timestamp.ts';
import { parseX509Certificate } from '../crypto/x509/certificate.ts';
import { crlSource } from '../crypto/x509/crl.ts';
import type { TrustAnchor } from '../crypto/x509/path.ts';
import { authorityProfile, sealProfile, timeStampProfile } from '../demo/authority-profiles.node.ts';
import { type Authority, issueCertificate, issueCrl } from '../demo/certificate-maker.node.ts';
import { openTimeStampAuthority } from '../demo/tsa.node.ts';
import { days, years } from '../demo/validity.ts';

const school = { name: '見本市立山吹中学校', code: 'C111299900116', town: '見本市', key: 'p256' } as const;
export const credentialIssuer = `https://hikitsugi.example/schools/${school.code}`;
export const statusListUri = 'https://hikitsugi.example/status/1';

/** A school with a P-256 seal, a time-stamping authority over HTTP in this very process, and what they certify. */
export async function openEvidenceSamples() {
  const now = systemClock.now();
  const [sealRoot, timeRoot] = await Promise.all(['学校印', 'タイムスタンプ'].map((name) => rootOf(name, now)));
  if (sealRoot === undefined || timeRoot === undefined) throw new Error('an authority is missing');
  const seal = await issueCertificate(sealProfile(school, years(now, 5)), sealRoot);
  const stamper = await issueCertificate({ ...timeStampProfile(years(now, 5)), keyKind: 'p256' }, timeRoot);
  const lists = await Promise.all([sealRoot, timeRoot].map((authority) => listOf(authority, now)));
  const revocation = crlSource(lists, { now });
  const [anchors, timestampAnchors] = [[anchorOf('seal', sealRoot)], [anchorOf('time', timeRoot)]];
  const server = await openTimeStampAuthority({ port: 0, identity: stamper, clock: systemClock });
  const timestamps = timestampService([
    { url: server.url, anchors: timestampAnchors, revocation, timeoutMs: 10_000, clock: systemClock },
  ]);
  const signer = await webCryptoSigner(seal.pkcs8, seal.chain, 'ES256');
  const font = openCertificateFont(await readFont());
  const gateway = {
    settings: { PUBLIC_ORIGIN: 'https://hikitsugi.example' },
    clock: systemClock,
    timestamps,
    certificateFont: () => Promise.resolve(font),
    revocationLists: () => Promise.resolve(lists),
  };
  const statement = transcript(now);
  const credential = await issueCredential({
    issuer: credentialIssuer,
    type: 'https://hikitsugi.example/credentials/transcript/1',
    issuedAt: now,
    expiresAt: days(now, 365),
    holder: null,
    status: { uri: statusListUri, index: 7 },
    open: { school_code: school.code },
    fields: { family_name: '見本', given_name: '花子', birthdate: '2002-04-02', subjects: statement.subjects ?? [] },
    signer,
  });
  const statusList = await signStatusList({
    uri: statusListUri,
    issuedAt: now,
    expiresAt: days(now, 1),
    ttlSeconds: 3600,
    entries: packStatuses(statusListSize, []),
    signer,
  });
  const trust = { anchors, timestampAnchors, revocation, at: now };
  return { gateway, signer, font, statement, credential, statusList, trust, close: () => server.close() };
}

export type EvidenceSamples = Awaited<ReturnType<typeof openEvidenceSamples>>;

function rootOf(name: string, now: Date): Promise<Authority> {
  const subject = [{ C: ['JP'] }, { O: ['Hikitsugi 開発用'] }, { CN: [`${name} 計測用認証局`] }];
  return issueCertificate(authorityProfile(subject, 'p256', { ...years(now, 10), pathLength: 0 }), null);
}

function listOf(authority: Authority, now: Date): Promise<Uint8Array> {
  return issueCrl(authority, { number: 1n, thisUpdate: days(now, -1), nextUpdate: days(now, 7), revoked: [] });
}

function anchorOf(name: string, { certificate }: Authority): TrustAnchor {
  const parsed = parseX509Certificate(new Uint8Array(certificate.rawData));
  if (!parsed.ok) throw new Error(parsed.fault);
  return { name, certificate: parsed.value, algorithms: ['ecdsa-p256-sha256'] };
}

async function readFont(): Promise<Uint8Array> {
  const { resolve } = createRequire(import.meta.url);
  const path = resolve('@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf');
  return new Uint8Array(await readFile(path));
}

/** 成績証明書 with two pages' worth of what such a paper says. */
function transcript(now: Date) {
  const year = now.getUTCFullYear();
  const names = [
    '国語',
    '社会',
    '数学',
    '理科',
    '音楽',
    '美術',
    '保健体育',
    '技術・家庭',
    '英語',
    '総合的な学習の時間',
  ];
  const subjects = [3, 2, 1].flatMap((ago) =>
    names.map((name, index) => ({ schoolYear: year - ago, name, credits: null, grade: (index % 5) + 1 })),
  );
  const facts = {
    number: '第1024号',
    officialName: '見本　花子',
    nonStandardCharacters: [],
    kana: 'みほん　はなこ',
    nameEnglish: 'MIHON Hanako',
    birthDate: `${year - 16}-04-02`,
    course: null,
    grade: null,
    enrolledOn: `${year - 3}-04-08`,
    leftOn: `${year}-03-10`,
    leaving: 'graduated' as const,
    subjects,
  };
  const issuedOn = now.toISOString().slice(0, 10);
  const answer = certifiable('transcript', facts, issuedOn);
  if (!answer.can) throw new Error(answer.reason);
  return statementOf(answer, {
    number: `${year}-000017`,
    copy: { number: 1, of: 1 },
    asked: 'transcript',
    language: 'ja',
    assurance: 'certificate',
    issuedOn,
    school: { code: school.code, name: school.name, nameEnglish: 'Yamabuki Junior High School' },
    facts,
    wording: { ...defaultWording.transcript, principalJa: '校長　山吹　武', principalEn: 'Takeshi YAMABUKI' },
    verifyAt: 'https://hikitsugi.example/c/ABCDEFGHJKMNPQRS',
  });
}
