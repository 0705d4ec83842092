import { randomInt } from 'node:crypto';
import type { Context } from '../context';
import { DomainError } from '../error';
import { SupportCase } from './support-case.entity';

// Without vowels, so that no words come about.
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const TRIES = 10;

/** A number of a case: four letters and four digits by chance, 1,600 million in all. */
export function drawCaseNumber(): string {
  const letters = Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]);
  return letters.join('') + String(randomInt(10_000)).padStart(4, '0');
}

/** The numbers of cases that may stand in a text, in capitals, at most five. */
export function caseNumbersIn(text: string): string[] {
  const found = text.match(/(?<![\p{L}\p{N}])[a-z]{4}\d{4}(?![\p{L}\p{N}])/giu) ?? [];
  return [...new Set(found.map((one) => one.toUpperCase()))].slice(0, 5);
}

/** Inserts a case under a number that is free; `draw` makes one. */
export async function insertCase(
  ctx: Context,
  values: Partial<SupportCase>,
  draw: () => string = drawCaseNumber,
): Promise<SupportCase> {
  for (let left = TRIES; left > 0; left -= 1) {
    const draft = { ...values, caseNumber: draw() };
    const [row] = await ctx.repo(SupportCase).insertMany([draft], { ignoreConflicts: true });
    if (row) return row;
  }
  throw new DomainError('UNAVAILABLE', 'No number was free for the case: try again.', {
    retryAfterSeconds: 1,
  });
}
