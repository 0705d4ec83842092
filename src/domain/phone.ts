import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js';

/**
 * The E.164 form of a number written anyhow in the given country, or undefined when it cannot be one. What is
 * E.164 already is taken as it is, so that numbers that a vendor's own rule let in are not judged twice.
 */
export function parsePhone(text: string, country: string): string | undefined {
  if (isE164(text)) return text;
  const parsed = parsePhoneNumberFromString(text, country as CountryCode);
  if (!parsed?.isPossible() || parsed.ext !== undefined) return undefined;
  // Some countries have numbers that are possible, and shorter or longer than E.164 knows.
  return isE164(parsed.number) ? parsed.number : undefined;
}

/** Whether the text is E.164: a plus sign and 7 to 15 digits, the first not zero (ITU-T E.164, section 6). */
export function isE164(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(text);
}
