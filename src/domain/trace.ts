/** What a span says of its work; never a value that a caller sent. */
export type SpanFacts = Record<string, string | number | boolean>;

/** A span while its work is under way. */
export interface Span {
  note: (facts: SpanFacts) => void;
  /** Headers by which whoever is asked next can go on with the trace. */
  headers: () => Record<string, string>;
}

/** How a piece of work is to be seen in a trace. */
export interface SpanPlan {
  name: string;
  /** `client` for work that waits for another program. */
  kind: 'internal' | 'client';
  facts?: SpanFacts;
  /** Only within a trace that is under way, never as one of its own. */
  isPart?: boolean;
}

/** Runs a piece of work as a span. */
export type Trace = <T>(plan: SpanPlan, work: (span: Span) => Promise<T>) => Promise<T>;

const NO_SPAN: Span = { note: () => {}, headers: () => ({}) };

/** Runs the work and nothing else: tracing is off. */
export const untraced: Trace = (_plan, work) => work(NO_SPAN);
