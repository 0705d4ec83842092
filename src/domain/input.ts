import type { Context } from './context';
import { nounOf, type RowRef } from './entity';
import { DomainError, type FieldMessages, invalid } from './error';
import { type EntityClass, type FieldSpec, fieldsOf } from './field';
import { KINDS } from './field-kinds';
import { capitalize, words } from './text';
import { notOwn } from './view';

/** Whether an input creates a row or changes one. */
export type InputMode = 'create' | 'update';

const writableByClass = {
  create: new Map<EntityClass, ReadonlyMap<string, FieldSpec>>(),
  update: new Map<EntityClass, ReadonlyMap<string, FieldSpec>>(),
};

/** The fields that callers may give in a mode, by name. */
function writableByName(entity: EntityClass, mode: InputMode): ReadonlyMap<string, FieldSpec> {
  const known = writableByClass[mode].get(entity);
  if (known) return known;
  const writable = fieldsOf(entity).filter(({ write = 'always' }) => write === 'always' || write === mode);
  const byName = new Map(writable.map((spec) => [spec.name, spec]));
  writableByClass[mode].set(entity, byName);
  return byName;
}

/** The fields that callers may give in a mode. */
export function writableFields(entity: EntityClass, mode: InputMode): FieldSpec[] {
  return [...writableByName(entity, mode).values()];
}

/** Whether a field must be given in a mode. */
export function isRequired(spec: FieldSpec, mode: InputMode): boolean {
  return mode === 'create' && (spec.required ?? false);
}

function sentence(name: string, message: string): string {
  return `${capitalize(words(name))} ${message}.`;
}

/**
 * Checks an input against the declared fields and answers it in stored form: phones as E.164, instants in UTC.
 * Keys that are no writable field are refused. All problems are collected; `fields` gets a sentence for each.
 */
export function checkInput(
  entity: EntityClass,
  mode: InputMode,
  input: object,
  country: string,
): { draft: Record<string, unknown>; fields: FieldMessages } {
  const given = input as Record<string, unknown>;
  const draft: Record<string, unknown> = {};
  const fields: FieldMessages = {};
  const writable = writableByName(entity, mode);
  for (const spec of writable.values()) {
    const value = given[spec.name];
    if (value === undefined) {
      if (isRequired(spec, mode)) fields[spec.name] = [sentence(spec.name, 'is required')];
    } else if (value === null) {
      if (spec.nullable) draft[spec.name] = null;
      else fields[spec.name] = [sentence(spec.name, 'must not be null')];
    } else {
      const checked = checkValue(spec, value, country);
      if ('message' in checked) fields[spec.name] = [sentence(spec.name, checked.message)];
      else draft[spec.name] = checked.value;
    }
  }
  for (const name of Object.keys(given)) {
    if (given[name] !== undefined && !writable.has(name)) {
      fields[name] = [sentence(name, 'cannot be set')];
    }
  }
  return { draft, fields };
}

function checkValue(spec: FieldSpec, value: unknown, country: string) {
  const checked = KINDS[spec.kind].check(value, spec, country);
  if ('message' in checked || !spec.items) return checked;
  const items = (checked.value as object[]).map((item) =>
    checkInput(spec.items?.() as EntityClass, 'create', item, country),
  );
  const at = items.findIndex((item) => Object.keys(item.fields).length > 0);
  if (at < 0) return { value: items.map((item) => item.draft) };
  const [first] = Object.values(items[at]?.fields ?? {});
  return { message: `has a bad item at position ${at}: ${first?.[0]?.replace(/\.$/, '')}` };
}

/** The checked input in stored form. Throws INVALID with every problem. */
export function parseInput(
  ctx: Context,
  entity: EntityClass,
  mode: InputMode,
  input: object,
): Record<string, unknown> {
  const { draft, fields } = checkInput(entity, mode, input, ctx.account.defaultCountry);
  if (Object.keys(fields).length > 0) throw invalid(fields);
  return draft;
}

/**
 * For each draft the references that are no live row of this account (NOT_FOUND) or another agent's (FORBIDDEN);
 * those by whole number become ids. One statement per kind of reference. `known` has the id of a row that is there for certain.
 */
export async function missingReferences(
  ctx: Context,
  entity: EntityClass,
  drafts: Record<string, unknown>[],
  known: ReadonlyMap<EntityClass, string> = new Map(),
): Promise<(DomainError | undefined)[]> {
  const missing: (DomainError | undefined)[] = drafts.map(() => undefined);
  for (const { name, target } of fieldsOf(entity)) {
    if (!target) continue;
    const knownId = known.get(target());
    const ids = new Set(drafts.map((draft) => draft[name]).filter((id) => id != null && id !== knownId));
    if (ids.size === 0) continue;
    const rows = ctx.repo(target() as never);
    const idsByRef = await rows.idsByRef([...ids] as RowRef[]);
    const others = await rows.othersAmong([...ids].filter((ref) => !idsByRef.has(ref as RowRef)) as RowRef[]);
    const { label } = nounOf(target());
    drafts.forEach((draft, at) => {
      if (!ids.has(draft[name])) return;
      const id = idsByRef.get(draft[name] as RowRef);
      if (id !== undefined) {
        draft[name] = id;
        return;
      }
      if (others.has(draft[name] as RowRef)) {
        missing[at] ??= notOwn(label, name);
        return;
      }
      const message = `${label} not found`;
      const fields = { ...missing[at]?.fields, [name]: [message] };
      missing[at] = new DomainError('NOT_FOUND', missing[at]?.message ?? message, { fields });
    });
  }
  return missing;
}

/** Throws NOT_FOUND when a reference in the draft is no live row of this account, FORBIDDEN when it is another agent's. */
export async function checkReferences(ctx: Context, entity: EntityClass, draft: object): Promise<void> {
  const [missing] = await missingReferences(ctx, entity, [draft as Record<string, unknown>]);
  if (missing) throw missing;
}
