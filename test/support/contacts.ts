import { contacts } from '../../src/domain/contact/contact.service';
import type { Context } from '../../src/domain/context';

/** Puts so many contacts into an audience, with addresses that are counted on from `from`. */
export async function fillAudience(ctx: Context, audienceId: string, count: number, from = 0): Promise<void> {
  const inputs = Array.from({ length: count }, (_, at) => ({
    audienceId,
    email: `${from + at}@example.com`,
  }));
  await contacts.createMany(ctx, inputs, 'all_or_nothing');
}
