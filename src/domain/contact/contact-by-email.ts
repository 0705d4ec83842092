import type { Context } from '../context';
import { escapeLike } from '../filter';

const BY_OTHER = `
select id from contact
where account_id = $1 and lower($2) in (lower(email2), lower(email3)) and search_text like lower($3)
order by audience_id is not null, id desc limit $4`;

/**
 * Contacts who have the address as their second or third one, upper and lower case alike: those of the help desk
 * before those of an audience, the newest first.
 */
export async function contactIdsByOtherEmail(ctx: Context, email: string, limit: number): Promise<string[]> {
  const values = [ctx.account.id, email, `%${escapeLike(email)}%`, limit];
  const rows = await ctx.query<{ id: string }>(BY_OTHER, values, 'contacts by other email');
  return rows.map(({ id }) => id);
}
