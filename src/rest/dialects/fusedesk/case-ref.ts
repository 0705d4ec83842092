import { z } from 'zod';
import type { Context } from '../../../domain/context';
import { notFound } from '../../../domain/error';
import { type CaseRecord, caseRecordsOf } from '../../../domain/support-case/case-records';
import type { SupportCase } from '../../../domain/support-case/support-case.entity';
import { supportCases } from '../../../domain/support-case/support-case.service';

/** The path of a case, by number or by case number. */
export const CASE_PATH = '/api/v1/cases/{caseId}';

/** The parameter of {@link CASE_PATH}. */
export const caseParams = z.object({ caseId: z.string().describe('The case: its id, or its case number.') });

/** The whole number of the case that a text names. Throws NOT_FOUND. */
export async function caseRefOf(ctx: Context, text: string): Promise<number> {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  if (!/^[a-z]{4}\d{4}$/i.test(text)) throw notFound('Support case');
  // Who may write a case may name it.
  return (await supportCases.byCaseNumber(ctx.asSystem('fusedesk'), text)).number;
}

/** The cases as they are answered: who may write a case sees what became of it. */
export function shownCases(ctx: Context, cases: SupportCase[]): Promise<CaseRecord[]> {
  return caseRecordsOf(ctx.asSystem('fusedesk'), cases);
}

/** One of {@link shownCases}. */
export async function shownCase(ctx: Context, one: SupportCase): Promise<CaseRecord> {
  const [record] = await shownCases(ctx, [one]);
  return record as CaseRecord;
}
