import { callDirection, callStatus } from '../call/call.entity';
import type { ChangeEvent } from '../change-log';
import { allNouns, type Noun, type RowRef } from '../entity';
import type { FieldMessages } from '../error';
import { eventsBeside, nounNamedIn, nounOfEvents } from '../event-name';
import { isUuid } from '../field-kinds';

/** Conditions on an event, those of the vendors' webhooks; all that are given must hold. */
export interface ChangeFilters {
  /** Direction of a call: inbound or outbound. */
  callDirection?: string;
  /** Status of a call, such as completed, missed or offline. */
  callStatus?: string;
  /** Result of a call or a lead, such as contacted or voicemail. */
  leadStatus?: string;
  teamId?: string;
  phoneNumberId?: string;
  /** Of calls: an outbound one must be of this team. Beside `inboundPhoneNumberId`, one of the two must hold. */
  outboundTeamId?: string;
  /** Of calls: an inbound one must be to this number. Records other than calls are not held to these two. */
  inboundPhoneNumberId?: string;
  /** A field that the event has set: changed, or given at creation. */
  field?: string;
  /** What the field was set to; of a list, what was added to it. */
  value?: string | number | boolean | null;
}

/** Conditions as callers may give them: rows also by their whole-number identifiers. */
export type FilterInput = { [Name in keyof ChangeFilters]?: RowRef | boolean | null };

/** What filters look at. */
export type FilteredEvent = Pick<ChangeEvent, 'name' | 'subject' | 'changes' | 'payload'>;

interface FilterRow {
  /** The field of the record that must have the value. */
  field: string;
  /** The only kinds of record that have it in this sense; any when not given. */
  subjects?: readonly string[];
  values?: readonly string[];
  isId?: boolean;
}

interface RouteRow {
  filter: 'outboundTeamId' | 'inboundPhoneNumberId';
  direction: string;
  field: string;
}

const ROUTES: RouteRow[] = [
  { filter: 'outboundTeamId', direction: 'outbound', field: 'teamId' },
  { filter: 'inboundPhoneNumberId', direction: 'inbound', field: 'phoneNumberId' },
];

type RecordFilter = Exclude<keyof ChangeFilters, 'field' | 'value' | RouteRow['filter']>;

const RECORD_FILTERS: Record<RecordFilter, FilterRow> = {
  callDirection: { field: 'direction', subjects: ['call'], values: callDirection.values },
  callStatus: { field: 'status', subjects: ['call'], values: callStatus.values },
  leadStatus: { field: 'result', subjects: ['call', 'lead'] },
  teamId: { field: 'teamId', isId: true },
  phoneNumberId: { field: 'phoneNumberId', isId: true },
};

/** Whether a subscription to the pattern (`lead.created`, `lead.*` or `*`) has the event. */
export function matchesName(pattern: string, name: string): boolean {
  return (
    pattern === '*' || pattern === name || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1)))
  );
}

/** The nouns whose events the patterns stand for. */
export function nounsOfPatterns(patterns: readonly string[]): Noun[] {
  if (patterns.includes('*')) return allNouns();
  return patterns.map(nounNamedIn).filter((noun) => noun !== undefined);
}

/** What is wrong with the address beyond its form, or undefined. */
export function addressProblem(url: string): string | undefined {
  const { username, password, hash } = new URL(url);
  if (username || password) return 'must not hold a user name or a password';
  return hash ? 'must not have a fragment (#…)' : undefined;
}

/**
 * What is wrong with the patterns, or undefined. Those that a webhook has already may stay: they may be from before
 * verbs were checked.
 */
export function patternsProblem(
  patterns: readonly string[],
  kept: readonly string[] = [],
): string | undefined {
  if (patterns.length === 0) return 'Events must name at least one event.';
  const wrong = patterns.find((one) => one !== '*' && !kept.includes(one) && !nounOfEvents(one));
  if (wrong === undefined) return undefined;
  const help = eventsBeside(wrong) ?? 'Write one like lead.created, all of a noun like lead.*, or *.';
  return `Events: ${wrong} is no event. ${help}`;
}

function valueProblem({ values, isId }: Partial<FilterRow>, value: unknown): string | undefined {
  if (isId && Number.isInteger(value)) return undefined;
  if (typeof value !== 'string' || value.length > 255) return 'must be a text of at most 255 characters';
  if (values && !values.includes(value)) return `must be one of ${values.join(', ')}`;
  return isId && !isUuid(value) ? 'must be an id' : undefined;
}

function routesOf(filters: Record<string, unknown>): RouteRow[] {
  return ROUTES.filter(({ filter }) => filters[filter] !== undefined);
}

/** The filter that no call can pass, because the direction that is asked for is not its own. */
function hopelessRoute(filters: Record<string, unknown>): RouteRow | undefined {
  const [first, second] = routesOf(filters);
  const { callDirection = first?.direction } = filters;
  return second || first?.direction === callDirection ? undefined : first;
}

const FILTER_NAMES = [
  ...Object.keys(RECORD_FILTERS),
  ...ROUTES.map(({ filter }) => filter),
  'field',
  'value',
];

/** What is wrong with the filters, by `filters.<name>`; empty when nothing is. */
export function filterProblems(filters: Record<string, unknown>): FieldMessages {
  const problems: FieldMessages = {};
  const refuse = (name: string, message: string) => {
    problems[`filters.${name}`] = [`The filter ${name} ${message}.`];
  };
  for (const [name, value] of Object.entries(filters)) {
    const isRoute = ROUTES.some(({ filter }) => filter === name);
    const row = isRoute
      ? { isId: true }
      : Object.hasOwn(RECORD_FILTERS, name) && RECORD_FILTERS[name as RecordFilter];
    if (name === 'field') {
      if (typeof value !== 'string' || !/^[a-zA-Z]{1,50}$/.test(value))
        refuse(name, 'must be the name of a field');
    } else if (name === 'value') {
      if (filters.field === undefined) refuse(name, 'needs the filter field beside it');
      else if (typeof value === 'object' && value !== null)
        refuse(name, 'must be a text, a number, true, false or null');
    } else if (row) {
      const problem = valueProblem(row, value);
      if (problem) refuse(name, problem);
    } else {
      refuse(name, `is not known; filters are ${FILTER_NAMES.join(', ')}`);
    }
  }
  const hopeless = hopelessRoute(filters);
  if (hopeless) refuse(hopeless.filter, `is for ${hopeless.direction} calls, not for those of callDirection`);
  return problems;
}

/** What the event has set the field to, and what it was before; undefined when it has not set it. */
function setValue(
  { name, changes, payload }: FilteredEvent,
  field: string,
): { old: unknown; new: unknown } | undefined {
  if (!name.endsWith('.created')) return Object.hasOwn(changes, field) ? changes[field] : undefined;
  const given = Object.hasOwn(payload, field) ? (payload[field] ?? []) : [];
  return Array.isArray(given) && given.length === 0 ? undefined : { old: null, new: given };
}

function isSetTo(event: FilteredEvent, field: string, value: ChangeFilters['value']): boolean {
  const set = setValue(event, field);
  if (!set) return false;
  if (value === undefined) return true;
  const has = (item: unknown) =>
    item === null || value === null ? item === value : String(item) === String(value);
  if (!Array.isArray(set.new)) return has(set.new ?? null);
  const before: unknown[] = Array.isArray(set.old) ? set.old : [];
  return set.new.some(has) && !before.some(has);
}

function isOnRoute(filters: ChangeFilters, { subject, payload }: FilteredEvent): boolean {
  const routes = subject === 'call' ? routesOf(filters as Record<string, unknown>) : [];
  const holds = ({ filter, direction, field }: RouteRow) =>
    payload.direction === direction && payload[field] === filters[filter];
  return routes.length === 0 || routes.some(holds);
}

/** Whether all filters hold for the event. */
export function matchesFilters(filters: ChangeFilters, event: FilteredEvent): boolean {
  const rows = Object.entries(RECORD_FILTERS) as [RecordFilter, FilterRow][];
  const isRecordRight = rows.every(([name, { field, subjects }]) => {
    const wanted = filters[name];
    if (wanted === undefined) return true;
    return (subjects?.includes(event.subject) ?? true) && event.payload[field] === wanted;
  });
  if (!isRecordRight || !isOnRoute(filters, event)) return false;
  return filters.field === undefined || isSetTo(event, filters.field, filters.value);
}

/** Whether a webhook with these events and filters gets the event. */
export function wantsEvent(
  { events, filters }: { events: readonly string[]; filters: ChangeFilters },
  event: FilteredEvent,
): boolean {
  return events.some((pattern) => matchesName(pattern, event.name)) && matchesFilters(filters, event);
}
