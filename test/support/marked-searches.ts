import type { Database } from '../../src/server/database/database';
import { unmarkedSearches } from '../../src/server/database/row-security-role';

/**
 * Whether words and parts of texts are looked up in indexes behind row level security. A PostgreSQL of our own does
 * it always; a lent one only after a superuser has marked its functions.
 */
export async function areSearchesMarked({ acrossAccounts }: Database): Promise<boolean> {
  const unmarked = await unmarkedSearches((text, values) => acrossAccounts.query(text, values));
  if (!process.env.TEST_DATABASE_URL) expect(unmarked).toEqual([]);
  return unmarked.length === 0;
}
