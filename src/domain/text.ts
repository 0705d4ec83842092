// A NUL byte and an unpaired surrogate have no place in a PostgreSQL text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the NUL byte is what is looked for
const UNSTORABLE = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** Whether PostgreSQL can store the text: no NUL byte, no unpaired surrogate. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}

/** Whether every text in the value, keys included, is storable; looks into arrays and objects. */
export function isDeepStorable(value: unknown): boolean {
  if (typeof value === 'string') return isStorable(value);
  if (Array.isArray(value)) return value.every(isDeepStorable);
  if (value === null || typeof value !== 'object') return true;
  return Object.entries(value).every(([key, item]) => isStorable(key) && isDeepStorable(item));
}

/** Number of characters as a person counts them in a text: code points, not UTF-16 units. */
export function lengthOf(text: string): number {
  return text.length > 0 && /[\uD800-\uDFFF]/.test(text) ? [...text].length : text.length;
}

/** The first characters of a text, without what PostgreSQL cannot store: for what others have written. */
export function shorten(text: string, max: number): string {
  // A round through UTF-8 replaces unpaired surrogates.
  const storable = Buffer.from(text).toString().replaceAll('\u0000', '\ufffd');
  return Array.from(storable).slice(0, max).join('');
}

/** `phoneNumber` as `phone number`, for messages. */
export function words(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, (_, before, upper) => `${before} ${upper.toLowerCase()}`);
}

const snakeCased = new Map<string, string>();

/** `phoneNumber` as `phone_number`, the name of its column; for names of the program, which are few. */
export function snakeCase(name: string): string {
  const known = snakeCased.get(name);
  if (known !== undefined) return known;
  const made = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  snakeCased.set(name, made);
  return made;
}

/** `phoneNumbers` as `PhoneNumbers`. */
export function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A text as a slug: lower-case Latin letters, digits and single dashes, at most 60 characters; never empty. */
export function slugOf(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  const slug = plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  return slug || 'unnamed';
}
