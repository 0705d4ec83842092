import { Audience } from '../audience/audience.entity';
import type { Context } from '../context';
import { Feed } from '../feed/feed.entity';
import type { Vault } from '../vault';
import type { ImportKind } from './import-job.entity';

/** Which rows a file is to have: those of an audience or a feed; of all when none is named. */
export interface ExportRequest {
  kind: ImportKind;
  accountId: string;
  parentId: string | null;
}

const PLACE = 'export address';
const VALID_MS = 3_600_000;

/** What the token of an export’s address allows; undefined for one that is too old or was not made here. */
export function readExportToken(vault: Vault, token: string, now: Date): ExportRequest | undefined {
  try {
    const { until, ...request } = JSON.parse(vault.decrypt(token, PLACE)) as ExportRequest & {
      until: number;
    };
    return until > now.getTime() ? request : undefined;
  } catch {
    return undefined;
  }
}

function addressOf(ctx: Context, kind: ImportKind, parentId: string | null, withBom: boolean): string {
  const until = ctx.now().getTime() + VALID_MS;
  const token = ctx.vault.encrypt(
    JSON.stringify({ kind, parentId, accountId: ctx.account.id, until }),
    PLACE,
  );
  return `/exports/${kind}.csv?${withBom ? 'bom=1&' : ''}token=${token}`;
}

const EXPORT = 'An address of an export, which holds all rows,';

/** Addresses of files with the account’s rows, which open them for an hour. */
export const exportsOf = {
  /** All contacts of an audience. Throws NOT_FOUND. */
  async contacts(ctx: Context, audienceId: string, withBom: boolean): Promise<string> {
    ctx.require('contacts:read');
    ctx.requireWholeView(EXPORT);
    const { id } = await ctx.repo(Audience).get(audienceId);
    return addressOf(ctx, 'contacts', id, withBom);
  },

  /** All leads of a feed, or of all feeds. Throws NOT_FOUND. */
  async leads(ctx: Context, feedId: string | undefined, withBom: boolean): Promise<string> {
    ctx.require('leads:read');
    ctx.requireWholeView(EXPORT);
    const feed = feedId === undefined ? undefined : await ctx.repo(Feed).get(feedId);
    return addressOf(ctx, 'leads', feed?.id ?? null, withBom);
  },
};
