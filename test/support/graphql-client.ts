/** A server that listens on loopback. */
interface Listening {
  port: number;
}

/** Posts an operation, as a client with this key would. */
export function postGraphql(
  { port }: Listening,
  key: string,
  query: string,
  variables: object = {},
): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
}

/** Posts an operation that must succeed, and answers its data. */
export async function runGraphql<Data>(
  server: Listening,
  key: string,
  query: string,
  variables?: object,
): Promise<Data> {
  const response = await postGraphql(server, key, query, variables);
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Posts an operation of one field that must succeed, and answers that field. */
export async function runGraphqlField<Field>(
  server: Listening,
  key: string,
  query: string,
  variables?: object,
): Promise<Field> {
  return Object.values(await runGraphql<Record<string, Field>>(server, key, query, variables))[0] as Field;
}

/** A result of a subscription. */
export interface Result {
  data?: Record<string, unknown> | null;
  errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
}

/** The only field of the data of the next so many results. */
export async function takeResults(
  results: AsyncIterator<Result>,
  count: number,
): Promise<Record<string, unknown>[]> {
  const taken: Record<string, unknown>[] = [];
  while (taken.length < count) {
    const { value, done } = await results.next();
    if (done || value.errors) throw new Error(`ended after ${taken.length}: ${JSON.stringify(value)}`);
    taken.push(Object.values(value.data ?? {})[0] as Record<string, unknown>);
  }
  return taken;
}

/** So many pieces of a document, one behind the other. */
export const many = (count: number, make: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => make(at)).join(' ');
