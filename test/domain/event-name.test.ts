import { ENTITIES } from '../../src/domain/entities';
import { nounOf } from '../../src/domain/entity';
import { rowEvent } from '../../src/domain/event';
import { eventsBeside, nounNamedIn, nounOfEvents } from '../../src/domain/event-name';
import { Lead } from '../../src/domain/lead/lead.entity';
import { snakeCase } from '../../src/domain/text';
import { SUBSCRIPTION_FIELDS } from '../../src/graphql/schema';

const NOUNS = ENTITIES.map(nounOf);
const EVENTS = NOUNS.flatMap((noun) =>
  Object.keys(noun.verbs).map((verb) => ({ noun, verb, name: `${snakeCase(noun.name)}.${verb}` })),
);

test('every event that a noun declares is known by its name, and has a subscription', () => {
  expect(EVENTS.length).toBeGreaterThan(100);
  const subscribed = new Set(SUBSCRIPTION_FIELDS.flatMap(({ events = [] }) => events));
  for (const { noun, name } of EVENTS) {
    expect([name, nounOfEvents(name)]).toEqual([name, noun]);
    expect(eventsBeside(name)).toContain(name);
    expect(subscribed).toContain(name);
  }
  expect(subscribed.size).toBe(EVENTS.length);
});

test('lead.* stands for all events of a lead, and nothing for those of a noun without events', () => {
  const [eventful, silent] = [true, false].map((has) =>
    NOUNS.filter(({ verbs }) => Object.keys(verbs).length > 0 === has),
  ) as [typeof NOUNS, typeof NOUNS];
  const found = (nouns: typeof NOUNS) => nouns.map(({ name }) => nounOfEvents(`${snakeCase(name)}.*`));
  expect(found(eventful)).toEqual(eventful);
  expect(silent.map(({ name }) => name)).toContain('webhookAttempt');
  expect(found(silent)).toEqual(silent.map(() => undefined));
});

test('a name speaks of its noun, also one that is no event of it', () => {
  expect(nounNamedIn('lead.creatd')).toBe(nounOf(Lead));
  expect(nounNamedIn('leads.created')).toBeUndefined();
});

test.each(['', '.', '*', 'lead', 'lead.', 'lead.creatd', 'leads.created', 'lead.Created', 'lead.toString'])(
  '%j is no event',
  (name) => expect(nounOfEvents(name)).toBeUndefined(),
);

test('what a noun does not declare cannot be written into the change log', () => {
  const lead = { id: '0190a0b0-0000-7000-8000-000000000001' };
  expect(rowEvent(Lead, 'updated', lead).name).toBe('lead.updated');
  expect(() => rowEvent(Lead, 'exploded', lead)).toThrow('Lead does not declare the verb exploded.');
});
