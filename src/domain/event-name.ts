import { allNouns, type Noun } from './entity';
import { snakeCase } from './text';

const NAME = /^([a-z]+(?:_[a-z]+)*)\.(\*|[a-z]+(?:_[a-z]+)*)$/;

/** A name taken apart: its noun, if there is such, and its verb, whether the noun has it or not. */
function partsOf(name: string): { noun: Noun | undefined; verb: string } {
  const [, subject, verb = ''] = NAME.exec(name) ?? [];
  return { noun: allNouns().find((one) => snakeCase(one.name) === subject), verb };
}

/** The noun that a name of an event, or a pattern such as `lead.*`, speaks of; undefined where there is none such. */
export function nounNamedIn(pattern: string): Noun | undefined {
  return partsOf(pattern).noun;
}

/** The noun of an event (`lead.created`) or of all events of a noun (`lead.*`); undefined where there is none such. */
export function nounOfEvents(pattern: string): Noun | undefined {
  const { noun, verb } = partsOf(pattern);
  const verbs = Object.keys(noun?.verbs ?? {});
  return (verb === '*' && verbs.length > 0) || verbs.includes(verb) ? noun : undefined;
}

/** The events that whoever has written one that there is not may have meant, as a sentence; undefined where none are near. */
export function eventsBeside(name: string): string | undefined {
  const { noun, verb } = partsOf(name);
  if (!noun || verb === '*') return undefined;
  const events = Object.keys(noun.verbs).map((one) => `${snakeCase(noun.name)}.${one}`);
  return events.length > 0 ? `There are ${events.join(', ')}.` : undefined;
}
