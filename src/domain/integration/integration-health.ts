import type { Context } from '../context';
import { saveChanges } from '../crud';
import { Integration } from './integration.entity';
import type { ProviderError } from './provider';

async function note(ctx: Context, id: string, error: ProviderError | undefined): Promise<void> {
  await ctx.transaction(async (tx) => {
    const before = await tx.repo(Integration).lockIfThere(id);
    if (!before || before.lastError === (error?.message ?? null)) return;
    await saveChanges(tx, Integration, before, {
      status: error ? 'failing' : 'connected',
      lastError: error?.message ?? null,
      lastErrorAt: error ? tx.instant() : null,
    });
  });
}

/** Writes down that the provider did what was asked, where it had failed before. */
export async function noteSuccess(ctx: Context, integration: Integration): Promise<void> {
  if (integration.status === 'failing') await note(ctx, integration.id, undefined);
}

/** Writes down that the provider cannot be used at all; what it refuses for one event says nothing of it. */
export async function noteFailure(
  ctx: Context,
  integration: Integration,
  error: ProviderError,
): Promise<void> {
  if (error.reason === 'credentials' || error.reason === 'unavailable') {
    await note(ctx, integration.id, error);
  }
}
