import type { ExecutionResult } from 'graphql';
import type { Context } from '../domain/context';
import type { GateOptions } from './documents/operation';
import { Loaders } from './execution/loaders';
import { newOutcome, type Outcome } from './operation-watch';

/** What every resolver gets: the domain's context, and the loaders of this one request. */
export interface GraphqlContext {
  ctx: Context;
  loaders: Loaders;
  /** The rules that its door has for operations. */
  rules: GateOptions;
  /** What becomes of the operation. */
  outcome: Outcome;
  /** The key that makes a mutation happen once, however often it is sent. */
  idempotencyKey?: string | undefined;
}

/** The context of an operation over HTTP. */
export interface HttpContext extends GraphqlContext {
  /** The document that the request names, by its text or its id. */
  source: string;
  /** What came of it before Apollo was asked. */
  executed?: ExecutionResult | undefined;
}

/** The context of one operation, whatever it came in by. */
export function graphqlContext(ctx: Context, rules: GateOptions): GraphqlContext {
  return { ctx, loaders: new Loaders(ctx), rules, outcome: newOutcome() };
}
