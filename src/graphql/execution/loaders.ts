import DataLoader from 'dataloader';
import type { Context } from '../../domain/context';
import { nounOf } from '../../domain/entity';
import type { EntityClass } from '../../domain/field';
import type { Projection } from '../../domain/projection';
import { type RelatedRequest, type RelatedRows, relatedRows, relatedRowsOfAll } from '../../domain/related';
import type { Relation } from '../../domain/relation';
import { capitalize } from '../../domain/text';
import type { QueryPlan } from './query-plan';
import type { Variables } from './specialize';

/** Most keys of one statement; they travel as one array parameter. */
const BATCH_MAX = 10_000;

/** A row, a list of rows, or null where there is none. */
export type Related = object | null;

interface Loader {
  /** Gathers what is asked for one by one; a planned query asks for most at once. */
  pending?: DataLoader<string, Related>;
  /** What has arrived: asked for again, it is answered without a promise. */
  arrived: Map<string, Related>;
}

/** What is known of a query before it runs, with the values of its variables. */
export interface PlannedQuery {
  plan: QueryPlan;
  variables: Variables;
}

const namesByRelation = new WeakMap<Relation, string>();

/** What a relation’s rows are loaded by: `agentById`, `notesByLeadId`, `tagsByLeadTag`. */
export function loaderName(relation: Relation): string {
  const known = namesByRelation.get(relation);
  if (known !== undefined) return known;
  const { kind, target, key, through } = relation;
  const { name, plural } = nounOf(target());
  const by = through?.table.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) ?? key;
  const made = kind === 'one' ? `${name}ById` : `${plural}By${capitalize(by)}`;
  namesByRelation.set(relation, made);
  return made;
}

/** The loaders of one request, made on first use: one statement per name and page size at each level of a query. */
export class Loaders {
  private readonly loadersByName = new Map<string, Loader>();

  constructor(
    private readonly ctx: Context,
    /** Where the query is planned, rows have the fields alone that it shows. */
    readonly planned?: PlannedQuery,
  ) {}

  /** The fields of the noun that the query shows; undefined is all. */
  projection(entity: EntityClass): Projection | undefined {
    return this.planned?.plan.projection(entity);
  }

  /** What has arrived for a key; undefined while nothing has. */
  known(relation: Relation, key: string, first: number): Related | undefined {
    return this.loaderOf(relation, first).arrived.get(key);
  }

  /** The related rows for a key, at once when they are known; of a list the first so many. */
  load(relation: Relation, key: string, first: number): Related | Promise<Related> {
    const loader = this.loaderOf(relation, first);
    const known = loader.arrived.get(key);
    if (known !== undefined) return known;
    loader.pending ??= this.gather(relation, first);
    return loader.pending.load(key);
  }

  /** Loads what is not known yet of several relations, all in one round trip. */
  async loadAll(wanted: { relation: Relation; first: number; keys: Iterable<string> }[]): Promise<void> {
    const requests = wanted.flatMap(({ relation, first, keys }) => {
      const { arrived } = this.loaderOf(relation, first);
      const missing = [...keys].filter((key) => !arrived.has(key));
      return missing.length > 0 ? [this.request(relation, missing, first)] : [];
    });
    const results = await relatedRowsOfAll(this.ctx, requests);
    for (const [at, request] of requests.entries()) this.keep(request, results[at] ?? []);
  }

  private loaderOf(relation: Relation, first: number): Loader {
    const name = relation.kind === 'one' ? loaderName(relation) : `${loaderName(relation)}:${first}`;
    const known = this.loadersByName.get(name);
    if (known) return known;
    const loader: Loader = { arrived: new Map() };
    this.loadersByName.set(name, loader);
    return loader;
  }

  private gather(relation: Relation, first: number): DataLoader<string, Related> {
    const loadBatch = async (keys: readonly string[]) => {
      const request = this.request(relation, keys, first);
      return this.keep(request, await relatedRows(this.ctx, request));
    };
    return new DataLoader(loadBatch, { maxBatchSize: BATCH_MAX });
  }

  private request(relation: Relation, keys: readonly string[], first: number): RelatedRequest {
    return { relation, keys, limit: first, projection: this.projection(relation.target()) };
  }

  private keep({ relation, keys, limit }: RelatedRequest, rows: RelatedRows): Related[] {
    const { arrived } = this.loaderOf(relation, limit);
    return keys.map((key, at) => {
      const related = rows[at] ?? null;
      arrived.set(key, related);
      return related;
    });
  }
}
