import type { Context } from '../context';
import type { RowRef } from '../entity';
import { invalid } from '../error';
import { type EntityClass, fieldsOf } from '../field';
import { isUuid } from '../field-kinds';
import { Lead } from '../lead/lead.entity';
import { PhoneNumber } from '../phone-number/phone-number.entity';
import { tableOf } from '../table';
import { Team } from '../team/team.entity';
import { type ChangeFilters, type FilterInput, filterProblems } from './webhook.rules';

const NOUNS: [name: keyof ChangeFilters, noun: EntityClass][] = [
  ['teamId', Team],
  ['outboundTeamId', Team],
  ['phoneNumberId', PhoneNumber],
  ['inboundPhoneNumberId', PhoneNumber],
];

/** The filters that name rows, and what they name; a value does where the field is a reference of leads. */
function referencesIn({ field }: FilterInput): [name: keyof ChangeFilters, noun: EntityClass][] {
  const target = fieldsOf(Lead).find(({ name }) => name === field)?.target;
  return target ? [...NOUNS, ['value', target()]] : NOUNS;
}

/** The id of a row in a filter. Throws INVALID for what is none of the account. */
async function idOf(ctx: Context, name: string, noun: EntityClass, ref: RowRef): Promise<string> {
  const wanted = typeof ref === 'string' ? ref.toLowerCase() : ref;
  const id = (await ctx.repo(noun as never).idsByRef([wanted])).get(wanted);
  if (id !== undefined) return id;
  throw invalid({ [`filters.${name}`]: [`The filter ${name} is the id of nothing in this account.`] });
}

/** The filters in their stored form: rows by their ids. What stays as it was is not asked for. Throws INVALID. */
export async function checkFilters(
  ctx: Context,
  filters: FilterInput,
  current: ChangeFilters = {},
): Promise<ChangeFilters> {
  const problems = filterProblems(filters as Record<string, unknown>);
  if (Object.keys(problems).length > 0) throw invalid(problems);
  const checked: FilterInput = { ...filters };
  for (const [name, noun] of referencesIn(filters)) {
    const ref = filters[name] as RowRef | null | undefined;
    if (ref == null || ref === current[name]) continue;
    checked[name] = await idOf(ctx, name, noun, ref);
  }
  return checked as ChangeFilters;
}

const numbersSql = (noun: EntityClass) =>
  `select "id", "number" from ${tableOf(noun).name} where "account_id" = $1 and "id" = any($2)`;

/** The whole-number identifiers of the rows that filters name, by id; also of those that were deleted since. */
export async function numbersOf(
  ctx: Context,
  filters: readonly ChangeFilters[],
): Promise<Record<string, number>> {
  const idsByNoun = new Map<EntityClass, Set<string>>();
  for (const one of filters) {
    for (const [name, noun] of referencesIn(one)) {
      const id = one[name];
      if (isUuid(id)) idsByNoun.set(noun, (idsByNoun.get(noun) ?? new Set()).add(id));
    }
  }
  const numberById: Record<string, number> = {};
  for (const [noun, ids] of idsByNoun) {
    const values = [ctx.account.id, [...ids]];
    const rows = await ctx.query<{ id: string; number: number }>(numbersSql(noun), values);
    for (const { id, number } of rows) numberById[id] = number;
  }
  return numberById;
}
