import { Liquid, type LiquidOptions } from 'liquidjs';
import type { Lead } from './lead/lead.entity';
import { joinName } from './lead/lead.rules';
import { lengthOf } from './text';

// No loops and no captures: the library's memory limit does not see what they pile up. No partials: they are files.
const TAGS = ['assign', 'case', 'comment', 'echo', 'if', 'raw', 'unless'];
// Each makes at most as much as it is given, or is counted by the memory limit.
const FILTERS = [
  ...[
    'append',
    'capitalize',
    'date',
    'default',
    'divided_by',
    'downcase',
    'lstrip',
    'minus',
    'plus',
    'prepend',
  ],
  ...['remove', 'round', 'rstrip', 'size', 'slice', 'strip', 'times', 'truncate', 'truncatewords', 'upcase'],
];
/** Names that stand in single braces, as in `{first_name}`; each is a field of the lead. */
const PLACEHOLDERS =
  /(?<![{%])\{ *(first_name|last_name|name|company|category|source|email|phone_number) *\}(?!\})/g;

const TEMPLATE_MAX = 8_000;
// Without loops it is far less; but a busy machine may let any of it wait.
const RENDER_MS = 1_000;
const MEMORY_MAX = 100_000;

function keep<T>(known: Record<string, T>, names: string[]): void {
  for (const name of Object.keys(known)) if (!names.includes(name)) delete known[name];
}

/** An engine for templates of strangers: bounded in time and memory, without loops and without files. */
export function makeEngine(options: LiquidOptions = {}): Liquid {
  const engine = new Liquid({
    ...{ parseLimit: TEMPLATE_MAX, renderLimit: RENDER_MS, memoryLimit: MEMORY_MAX },
    ...{ templates: {}, relativeReference: false, ownPropertyOnly: true, strictFilters: true },
    ...options,
  });
  keep(engine.tags, TAGS);
  keep(engine.filters, FILTERS);
  return engine;
}

const engine = makeEngine();

/** What the placeholders of a template stand for. */
export interface TemplateValues {
  lead: Record<string, string>;
  /** Who writes or calls. */
  from: { company?: string; phone_number?: string; name?: string };
  team?: { name: string };
  /** What is confirmed. */
  event?: { title: string; time: string; caller: string };
}

/** The lead as templates see it: texts only, empty ones included. */
export function leadValues(lead: Lead): Record<string, string> {
  return {
    first_name: lead.firstName,
    last_name: lead.lastName,
    name: joinName(lead),
    phone_number: lead.phone,
    email: lead.email ?? '',
    company: lead.company ?? '',
    category: lead.category ?? '',
    location: lead.location ?? '',
    source: lead.source ?? '',
    stage: lead.stage ?? '',
    status: lead.status ?? '',
    result: lead.result ?? '',
  };
}

/** A filled-in text, or the problem why there is none. */
export type Rendered = { text: string } | { problem: string };

/**
 * Fills in the placeholders of a template: `{first_name}` and the like, and Liquid outputs, conditions and
 * assignments (https://shopify.github.io/liquid/). Values are never read as templates. At most `max` characters.
 */
export function renderTemplate(template: string, values: TemplateValues, max: number): Rendered {
  try {
    const source = template.replace(PLACEHOLDERS, '{{ lead.$1 }}');
    const text: string = engine.parseAndRenderSync(source, values);
    const length = lengthOf(text);
    return length > max ? { problem: `makes ${length} characters, more than ${max}` } : { text };
  } catch (error) {
    return { problem: `is no template: ${(error as Error).message}` };
  }
}

const NOBODY: TemplateValues = { lead: {}, from: {} };

/** What is wrong with a template whoever it is filled in for, or undefined. */
export function templateProblem(template: string): string | undefined {
  const rendered = renderTemplate(template, NOBODY, MEMORY_MAX);
  return 'problem' in rendered ? rendered.problem : undefined;
}
