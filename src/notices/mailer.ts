/** A mail that tells that something waits, never what: ids and links only. */
export interface Mail {
  /** The job's id: the same mail sent twice has the same Message-ID. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Mailer {
  send(mail: Mail): Promise<void>;
}
