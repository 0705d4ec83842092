/** A text on its way out. */
export interface OutboundText {
  /** The same each time that this text is handed over. */
  id: string;
  /** The account's number (E.164). */
  from: string;
  /** The lead's number (E.164). */
  to: string;
  body: string;
}

/** What sends texts. It gets them when they are committed, at least once. */
export interface Messenger {
  readonly name: string;
  /** Hands a text over, within 30 s. Throws with a message for the account when it cannot be sent. */
  send: (text: OutboundText) => Promise<void>;
}

/** The messenger that sends nothing and tells of each text, which stays readable as a record. */
export function logMessenger(write: (text: OutboundText) => void): Messenger {
  return { name: 'log', send: async (text) => write(text) };
}
