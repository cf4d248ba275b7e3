type Both = Readonly<Record<'ja' | 'en', string>>;

/** Who can log in how to a demonstration world, for its start page. Only of invented people. */
export interface DemonstrationGuide {
  readonly accounts: readonly {
    /** `sub` at the identity provider. */
    readonly subject: string;
    readonly name: string;
    readonly accountType: 1 | 2 | 3;
    readonly memberships: readonly { readonly school: Both; readonly roleName: Both }[];
    readonly remark: Both | null;
  }[];
  readonly persons: readonly {
    readonly file: string;
    readonly holder: Both;
    readonly isGood: boolean;
    readonly pupil: { readonly displayName: string; readonly birthDate: string } | null;
    readonly linkingCode: string | null;
  }[];
  /** Who logs in with the stand-in for デジタル認証アプリ. */
  readonly appUsers: readonly {
    readonly subject: string;
    readonly name: Both;
    readonly pupil: { readonly displayName: string; readonly birthDate: string } | null;
    readonly linkingCode: string | null;
  }[];
  readonly password: string;
  readonly machines: readonly { readonly clientId: string; readonly name: string; readonly keyFile: string }[];
  /** Records of an invented pupil, to try an upload with. */
  readonly documents: readonly { readonly file: string; readonly title: string }[];
  documentFile(name: string): Promise<Uint8Array | null>;
  /** The bytes of a person's certificate file by its name; null when there is none. */
  certificateFile(name: string): Promise<Uint8Array | null>;
}
