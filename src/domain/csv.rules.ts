import type { FieldSpec } from './field';

// What spreadsheets take for a formula (https://owasp.org/www-community/attacks/CSV_Injection), behind any
// apostrophes, so that taking one away is always the reverse of putting one there.
const FORMULA = /^'*[=+\-@\t\r]/;
// Nothing but a plus sign and digits is a number at worst.
const E164 = /^\+\d+$/;

/** A text as a cell that no spreadsheet takes for a formula: an apostrophe goes before one. E.164 numbers stay. */
export function safeCell(text: string): string {
  return FORMULA.test(text) && !E164.test(text) ? `'${text}` : text;
}

/** The text of a cell: without the apostrophe that keeps it from being a formula. */
export function plainCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

const LISTS = new Set(['textList', 'emailList', 'referenceList']);

/** A value of a row as the text of a cell; lists have semicolons between their items. */
export function cellText(value: unknown): string {
  if (value == null) return '';
  if (Array.isArray(value)) return value.join(';');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const BOOLEANS: Record<string, boolean> = {
  ...{ true: true, yes: true, 1: true },
  ...{ false: false, no: false, 0: false },
};

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The value that a text that is not empty gives a field; what cannot be read stays a text, for the field’s check. */
export function valueOfText({ kind }: FieldSpec, text: string): unknown {
  if (kind === 'text') return text;
  const trimmed = text.trim();
  if (LISTS.has(kind)) {
    const items = trimmed.split(';').map((item) => item.trim());
    return items.filter((item) => item !== '');
  }
  if (kind === 'boolean') return BOOLEANS[trimmed.toLowerCase()] ?? trimmed;
  if (kind === 'json') return parsedJson(trimmed);
  if (kind === 'int') return /^[+-]?\d{1,15}$/.test(trimmed) ? Number(trimmed) : trimmed;
  return kind === 'enum' ? trimmed.toLowerCase() : trimmed;
}
