import DataLoader from 'dataloader';
import type { Context } from '../domain/context';
import { nounOf } from '../domain/entity';
import { relatedRows } from '../domain/related';
import type { Relation } from '../domain/relation';
import { capitalize } from '../domain/text';

/** Most keys of one statement; they travel as one array parameter. */
const BATCH_MAX = 10_000;

/** A row, a list of rows, or null where there is none. */
type Related = object | null;

interface Loader {
  pending: DataLoader<string, Related>;
  /** What has arrived: asked for again, it is answered without a promise. */
  arrived: Map<string, Related>;
}

/** What a relation’s rows are loaded by: `agentById`, `notesByLeadId`, `tagsByLeadTag`. */
export function loaderName({ kind, target, key, through }: Relation): string {
  const { name, plural } = nounOf(target());
  if (kind === 'one') return `${name}ById`;
  const by = through?.table.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) ?? key;
  return `${plural}By${capitalize(by)}`;
}

/** The loaders of one request, made on first use: one statement per name and page size at each level of a query. */
export class Loaders {
  private readonly loadersByName = new Map<string, Loader>();

  constructor(private readonly ctx: Context) {}

  /** The related rows for a key, at once when they are known; `name` is from {@link loaderName}. */
  load(name: string, relation: Relation, key: string, first: number): Related | Promise<Related> {
    const fullName = relation.kind === 'one' ? name : `${name}:${first}`;
    let loader = this.loadersByName.get(fullName);
    if (!loader) {
      loader = this.make(relation, first);
      this.loadersByName.set(fullName, loader);
    }
    const known = loader.arrived.get(key);
    return known === undefined ? loader.pending.load(key) : known;
  }

  private make(relation: Relation, first: number): Loader {
    const arrived = new Map<string, Related>();
    const loadBatch = async (keys: readonly string[]) => {
      const rows = await relatedRows(this.ctx, relation, keys, first);
      return keys.map((key, at) => {
        const related = rows[at] ?? null;
        arrived.set(key, related);
        return related;
      });
    };
    return { pending: new DataLoader(loadBatch, { maxBatchSize: BATCH_MAX }), arrived };
  }
}
