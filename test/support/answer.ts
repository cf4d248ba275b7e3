/**
 * An answer of the API as a test reads it: the names that any answer may have, without proof that this one has them.
 * What is missing is undefined at run time, and the assertion on it fails. Add a name when a test needs it.
 */
export interface AnswerBody {
  readonly id: string;
  readonly code: string;
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly status: number;
  readonly instance: string;
  readonly requestId: string;
  readonly errors: AnswerList;
  readonly items: AnswerList;
  readonly certificates: AnswerList;
  readonly number: string;
  readonly link: string;
  readonly pin: string;
  readonly problem: unknown;
  readonly next: string | null;
  readonly caseId: string;
  readonly case: AnswerBody | null;
  readonly kind: string;
  readonly form: string;
  readonly state: string;
  readonly version: number;
  readonly side: string;
  readonly name: string;
  readonly role: string;
  readonly assurance: string;
  readonly schoolCode: string;
  readonly outcome: string;
  readonly proposalId: string;
  readonly clientId: string;
  readonly fingerprint: string;
  readonly standing: string;
  readonly retiredAt: string | null;
  readonly lines: AnswerList;
  readonly line: number;
  readonly faults: readonly string[];
  readonly change: AnswerBody | null;
  readonly act: string;
  readonly members: AnswerList;
  readonly ways: AnswerList;
  readonly logIns: AnswerList;
  readonly invitations: AnswerList;
  readonly staffId: string;
  readonly account: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly lastLoginAt: string | null;
  readonly mayConfirm: boolean;
  readonly person: string;
  readonly sameAs: readonly string[];
  readonly event: string;
  readonly eventId: string;
  readonly at: string;
  readonly reason: string | null;
  readonly pupil: AnswerBody;
  readonly pupilId: string;
  readonly pupilName: string;
  readonly pupilKana: string;
  readonly pupilBirthDate: string;
  readonly officialName: string;
  readonly displayName: string;
  readonly kana: string;
  readonly birthDate: string;
  readonly homeroom: string;
  readonly sender: AnswerBody;
  readonly recipient: AnswerBody;
  readonly school: AnswerBody;
  readonly successor: AnswerBody;
  readonly checkNumber: string;
  readonly contentDigest: string;
  readonly legalBasis: string;
  readonly purpose: string;
  readonly attempt: number;
  readonly addressedByCode: boolean;
  readonly updatedAt: string;
  readonly documents: AnswerList;
  readonly documentId: string;
  readonly endedAt: string | null;
  readonly expiresAt: string;
  readonly mediaType: string;
  readonly visibility: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly findings: readonly string[];
  readonly readable: boolean;
  readonly grades: AnswerList;
  readonly grade: string;
  readonly custody: AnswerBody;
  readonly holder: string;
  readonly formerHolder: string | null;
  readonly receipt: string | null;
  readonly missing: readonly string[];
  readonly may: readonly string[];
  readonly approval: AnswerBody;
  readonly verification: AnswerBody;
  readonly digest: string;
  readonly receipts: AnswerList;
  readonly evidence: EvidenceBody;
  readonly times: Readonly<Record<'createdAt' | 'depositedAt' | 'openedAt' | 'closedAt', string>>;
  readonly acceptanceCode: string;
  readonly challenge: string;
  readonly access_token: string;
  readonly memberships: AnswerList;
  readonly chosen: boolean;
  readonly sessions: AnswerList;
  readonly current: boolean;
  readonly links: AnswerList;
  readonly keys: AnswerList;
  readonly thumbprint: string;
  readonly linkId: string;
  readonly subject: AnswerBody;
  readonly source: string;
  readonly reviewOn: string;
  readonly isReviewDue: boolean;
  readonly isProtected: boolean;
  readonly liftAskedAt: string | null;
  readonly share: AnswerBody;
  readonly shares: AnswerList;
  readonly url: string | null;
  readonly audience: string;
  readonly fields: readonly string[];
  readonly views: readonly { readonly hour: string; readonly times: number }[];
  readonly wrongPins: number;
  readonly events: AnswerList;
  readonly rule: string;
  readonly severity: string;
  readonly organisation: AnswerBody;
}

/** A list whose first members may be named without proof that it has them. */
export type AnswerList = readonly [AnswerBody, AnswerBody, AnswerBody, ...AnswerBody[]];

export interface EvidenceBody {
  readonly protected: string;
  readonly payload: string;
  readonly signature: string;
}

/** The body of an answer; an empty one reads as a body without any name. */
export function readAnswer(text: string): AnswerBody {
  // Unproven on purpose, see above; the assertions of the test are the proof.
  return (text === '' ? {} : JSON.parse(text)) as AnswerBody;
}
