/** A request as it goes over the wire. */
export interface Request {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: Buffer;
  /** Path of the document that it was made of; undefined for what is no operation. */
  operation?: string;
}

/** The text with a sign for each lone half of a surrogate pair. */
export const wellFormed = (text: string) =>
  text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');

/** The text as a part of an address. */
export const escaped = (text: string) => encodeURIComponent(wellFormed(text)).slice(0, 6_000);
