import type { Context } from '../domain/context';
import { Loaders, type PlannedQuery } from './loaders';
import type { GateOptions } from './operation';

/** What every resolver gets: the domain's context, and the loaders of this one request. */
export interface GraphqlContext {
  ctx: Context;
  loaders: Loaders;
  /** The rules that its door has for operations. */
  rules: GateOptions;
}

/** The context of one operation, whatever it came in by; of a planned one it is known what it will read. */
export function graphqlContext(ctx: Context, rules: GateOptions, planned?: PlannedQuery): GraphqlContext {
  return { ctx, loaders: new Loaders(ctx, planned), rules };
}
