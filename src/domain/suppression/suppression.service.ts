import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import { invalid } from '../error';
import { rowEvent } from '../event';
import { isEmail } from '../field-kinds';
import { parsePhone } from '../phone';
import { Suppression, type SuppressionReason } from './suppression.entity';

/** An e-mail address in lower case or a phone number as E.164; undefined for what is neither. */
function normalAddress(text: string, country: string): string | undefined {
  return isEmail(text) ? text.toLowerCase() : parsePhone(text, country);
}

function checkedAddress(ctx: Context, text: string): string {
  const address = normalAddress(text.trim(), ctx.account.defaultCountry);
  if (address) return address;
  throw invalid({ address: ['Address must be an e-mail address or a phone number.'] });
}

const base: Crud<Suppression> = crud(Suppression, {
  prepare(ctx, draft) {
    if (typeof draft.address === 'string') draft.address = checkedAddress(ctx, draft.address);
  },
});

const AMONG = `select "address" from suppression where "account_id" = $1 and "address" = any($2)`;

/** Addresses that must not be written to. */
export const suppressions = {
  ...base,

  /** Sees to it that an address is suppressed; one that is already keeps its first reason. */
  async suppress(ctx: Context, text: string, reason: SuppressionReason): Promise<Suppression> {
    ctx.require('suppressions:write');
    const address = checkedAddress(ctx, text);
    return ctx.transaction(async (tx) => {
      const known = await tx.repo(Suppression).findBy({ address });
      if (known) return known;
      const [made] = await tx.repo(Suppression).insertMany([{ address, reason }], { ignoreConflicts: true });
      if (made) await tx.emit(rowEvent(Suppression, 'created', made));
      return made ?? ((await tx.repo(Suppression).findBy({ address })) as Suppression);
    });
  },

  /** Which of the addresses are suppressed, as they are written in the list. */
  async among(ctx: Context, texts: readonly string[]): Promise<Set<string>> {
    ctx.require('suppressions:read');
    const addressOf = (text: string) => normalAddress(text, ctx.account.defaultCountry) ?? '';
    const values = [ctx.account.id, texts.map(addressOf)];
    const rows = await ctx.query<{ address: string }>(AMONG, values, 'suppressed addresses');
    const suppressed = new Set(rows.map(({ address }) => address));
    return new Set(texts.filter((text) => suppressed.has(addressOf(text))));
  },
};
