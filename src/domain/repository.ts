import { uuidv7 } from 'uuidv7';
import type { Context } from './context';
import { type AccountRow, nounOf, type RowRef } from './entity';
import { type DomainError, notFound } from './error';
import { isUuid, isWholeNumber } from './field-kinds';
import { type Filter, filterSql, Parameters } from './filter';
import {
  countStatement,
  orderSql,
  ordersSql,
  type Page,
  type PageRequest,
  pageStatement,
  type Sort,
  sourceSql,
  toPage,
} from './page';
import { type Projection, projected } from './projection';
import type { Statement } from './store';
import type { Table } from './table';
import { notOwn, type View, viewSql } from './view';
import { insertStatement, updateStatement } from './write';

type Values<T> = { [K in keyof T]?: T[K] | null };

/** A part of a list counted from its start, for dialects with page numbers; without a limit all of the rest. */
export interface Slice {
  filter?: Filter;
  /** One order, or several: the later ones for what the earlier ones leave equal. */
  sort?: Sort | Sort[];
  limit?: number;
  offset?: number;
  /** The fields that the rows need; undefined is all. */
  projection?: Projection | undefined;
  /** More columns in SQL, of what belongs to the rows. */
  more?: string | undefined;
  /** Whether an index leads to the rows, and they are few. */
  isLookup?: boolean;
}

const isRef = (ref: RowRef) => (typeof ref === 'number' ? isWholeNumber(ref) : isUuid(ref));
const keyOf = (ref: RowRef) => (typeof ref === 'number' ? 'number' : 'id');

/** The rows of one noun of one account. Reads are plain rows; deleted ones do not exist. */
export class Repository<T extends AccountRow> {
  constructor(
    private readonly ctx: Context,
    private readonly table: Table,
  ) {}

  private get label(): string {
    return nounOf(this.table.entity).label;
  }

  private get view(): View {
    return this.ctx.view;
  }

  /** What reads the rows whose column compares to the value as the condition says. */
  private selection(list: string, condition: (place: string) => string, value: unknown): Statement {
    const parameters = new Parameters();
    const seen = viewSql(this.table, this.view, parameters);
    const text = `select ${list} from ${this.table.name} where ${seen} and ${condition(parameters.add(value))}`;
    return { text, values: parameters.values };
  }

  private select<R extends object = T>(
    list: string,
    condition: (place: string) => string,
    value: unknown,
  ): Promise<R[]> {
    const { text, values } = this.selection(list, condition, value);
    return this.ctx.query<R>(text, values);
  }

  /** The row, or undefined; an id that is no UUID is an id of no row. With a projection it has those fields alone. */
  async find(ref: RowRef, projection?: Projection): Promise<T | undefined> {
    if (!isRef(ref)) return undefined;
    const columns = projected(this.table.entity, projection);
    const { text, values } = this.selection(columns, (place) => `"${keyOf(ref)}" = ${place}`, ref);
    const [row] = await this.ctx.lookUp<T>(text, values);
    return row;
  }

  /** The row. Throws NOT_FOUND. */
  async get(ref: RowRef, projection?: Projection): Promise<T> {
    const row = await this.find(ref, projection);
    if (!row) throw notFound(this.label);
    return row;
  }

  /** The row that is to be written. Throws NOT_FOUND, and FORBIDDEN when it is another agent's. */
  async getOwn(ref: RowRef): Promise<T> {
    const row = await this.find(ref);
    if (!row) throw await this.refusal(ref);
    return row;
  }

  /** The same, locked until the transaction ends. */
  async lock(ref: RowRef): Promise<T> {
    const row = await this.lockIfThere(ref);
    if (!row) throw await this.refusal(ref);
    return row;
  }

  /** The row, locked until the transaction ends, or undefined. */
  async lockIfThere(ref: RowRef): Promise<T | undefined> {
    if (!isRef(ref)) return undefined;
    const isIt = (place: string) => `"${keyOf(ref)}" = ${place} for update`;
    const [row] = await this.select(this.table.selectList, isIt, ref);
    return row;
  }

  /** Why a row cannot be written that is not seen. */
  private async refusal(ref: RowRef): Promise<DomainError> {
    const isOthers = this.view.agentId !== undefined && (await this.ofAccount().find(ref));
    return isOthers ? notOwn(this.label) : notFound(this.label);
  }

  /** The same rows as the account sees them, whoever acts. */
  private ofAccount(): Repository<T> {
    return new Repository<T>(this.ctx.forAccount(), this.table);
  }

  /** The rows of these ids, in no order; what is none is missing. */
  findMany(ids: readonly string[]): Promise<T[]> {
    return this.select(this.table.selectList, (place) => `"id" = any(${place})`, ids);
  }

  /** The newest row whose fields have these values, to which an index leads. */
  async findBy(values: Values<T>): Promise<T | undefined> {
    const filter = Object.fromEntries(Object.entries(values).map(([field, eq]) => [field, { eq }]));
    const [row] = await this.slice({ filter, limit: 1, isLookup: true });
    return row;
  }

  /** One page by cursors, of whole rows or of those fields alone. Throws INVALID for bad sizes, cursors, filters and sorts. */
  async page(request: PageRequest, projection?: Projection): Promise<Page<T>> {
    const { text, values } = pageStatement(this.table, this.view, request, projection);
    return toPage(await this.ctx.query<T>(text, values), request, () => this.count(request.filter));
  }

  /** Rows by offset, newest first unless sorted. */
  slice<More = unknown>({
    filter,
    sort = { field: 'id', direction: 'desc' },
    limit,
    offset = 0,
    projection,
    more,
    isLookup = false,
  }: Slice): Promise<(T & More)[]> {
    const parameters = new Parameters();
    const seen = viewSql(this.table, this.view, parameters);
    const where = `${seen} and ${filterSql(this.table, filter, parameters)}`;
    const source = sourceSql(this.table, filter, where);
    const order = Array.isArray(sort) ? ordersSql(this.table, sort) : orderSql(sort);
    const part = `limit ${parameters.add(limit ?? null)} offset ${parameters.add(offset)}`;
    const columns = projected(this.table.entity, projection);
    const list = more === undefined ? columns : `${columns}, ${more}`;
    const text = `select ${list} from ${source} order by ${order} ${part}`;
    return isLookup
      ? this.ctx.lookUp<T & More & object>(text, parameters.values)
      : this.ctx.query<T & More & object>(text, parameters.values);
  }

  /** Number of rows of a filter. */
  async count(filter?: Filter): Promise<number> {
    const { text, values } = countStatement(this.table, this.view, filter);
    const [row] = await this.ctx.query<{ count: number }>(text, values);
    return row?.count ?? 0;
  }

  /** Inserts a row. Throws CONFLICT where a unique or exclusion constraint refuses it. */
  async insert(values: Values<T>): Promise<T> {
    const [row] = await this.insertMany([values]);
    return row as T;
  }

  /** Inserts rows in order; with `ignoreConflicts` the refused ones are missing from the answer. */
  async insertMany(rows: Values<T>[], options: { ignoreConflicts?: boolean } = {}): Promise<T[]> {
    if (rows.length === 0) return [];
    const now = this.ctx.instant();
    const complete = rows.map((row) => ({
      id: uuidv7(),
      ...row,
      accountId: this.ctx.account.id,
      createdAt: now,
      updatedAt: now,
    }));
    const onConflict = options.ignoreConflicts ? 'on conflict do nothing' : '';
    return this.ctx.write<T>(insertStatement(this.table, complete, onConflict));
  }

  /** Changes fields of a row and answers it. Throws NOT_FOUND and CONFLICT. */
  async update(id: string, values: Values<T>): Promise<T> {
    const row = { ...values, updatedAt: this.ctx.instant() };
    const isIt = (parameters: Parameters) =>
      `"account_id" = ${parameters.add(this.ctx.account.id)} and "id" = ${parameters.add(id)} and ${this.table.isLive}`;
    const [after] = await this.ctx.write<T>(updateStatement(this.table, row, isIt));
    if (!after) throw notFound(this.label);
    return after;
  }

  /** Removes a row: for good, or by its deletedAt where the noun keeps deleted rows. */
  async remove(id: string): Promise<void> {
    if (this.table.fields.has('deletedAt')) {
      await this.update(id, { deletedAt: this.ctx.instant() } as never);
    } else {
      await this.ctx.query(`delete from ${this.table.name} where "account_id" = $1 and "id" = $2`, [
        this.ctx.account.id,
        id,
      ]);
    }
  }

  /** Removes all rows of a filter for good and answers them. */
  async removeAll(filter: Filter): Promise<T[]> {
    const parameters = new Parameters();
    const account = parameters.add(this.ctx.account.id);
    const where = `"account_id" = ${account} and ${filterSql(this.table, filter, parameters)}`;
    return this.ctx.query<T>(
      `delete from ${this.table.name} where ${where} returning ${this.table.selectList}`,
      parameters.values,
    );
  }

  /** The given ids that are rows of this account. */
  async existing(ids: string[]): Promise<Set<string>> {
    const rows = await this.select<{ id: string }>(
      '"id"',
      (place) => `"id" = any(${place})`,
      ids.filter(isUuid),
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** The ids of the given rows of this account; what is none is missing. */
  async idsByRef(refs: RowRef[]): Promise<Map<RowRef, string>> {
    const numbers = refs.filter((ref) => typeof ref === 'number');
    const ids = await this.existing(refs.filter((ref) => typeof ref === 'string'));
    const idsByRef = new Map<RowRef, string>([...ids].map((id) => [id, id]));
    if (numbers.length === 0) return idsByRef;
    const rows = await this.select<{ id: string; number: number }>(
      '"id", "number"',
      (place) => `"number" = any(${place})`,
      numbers.filter(isWholeNumber),
    );
    for (const { id, number } of rows) idsByRef.set(number, id);
    return idsByRef;
  }

  /** Those of the references that are rows of the account, but another agent's. */
  async othersAmong(refs: RowRef[]): Promise<Set<RowRef>> {
    if (this.view.agentId === undefined || refs.length === 0) return new Set();
    return new Set((await this.ofAccount().idsByRef(refs)).keys());
  }
}
