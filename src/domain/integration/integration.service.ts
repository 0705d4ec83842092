import { uuidv7 } from 'uuidv7';
import { parkLinks, requeueLinks } from '../calendar-event/calendar-link';
import type { Context } from '../context';
import { crud } from '../crud';
import { DomainError, invalid, notFound } from '../error';
import { rowEvent } from '../event';
import { parseInput } from '../input';
import { ConnectIntegration, checkParts } from './connect-integration';
import { sealCredentials } from './credentials';
import { Integration, type IntegrationProvider } from './integration.entity';
import { type GoogleCredentials, ProviderError, type Providers, type ZoomCredentials } from './provider';

const base = crud(Integration);

type Parts = ConnectIntegration & ZoomCredentials & GoogleCredentials;

/** What is kept of a connection that was proved. */
interface Proved {
  credentials: Parameters<typeof sealCredentials>[2];
  columns: Partial<Integration>;
}

async function prove(ctx: Context, providers: Providers, parts: Parts): Promise<Proved> {
  const signal = AbortSignal.timeout(providers.timeoutMs);
  const { provider, accountId, clientId, clientSecret, refreshToken, calendarId = 'primary' } = parts;
  if (provider === 'zoom') {
    const credentials = { accountId, clientId, clientSecret };
    await providers.zoom.prove({ credentials, signal });
    return { credentials, columns: { calendarId: null } };
  }
  const credentials = { clientId, clientSecret, refreshToken };
  const { timeZone } = await providers.google_calendar.prove({
    credentials: { ...credentials, calendarId },
    signal,
  });
  return { credentials, columns: { calendarId, timeZone, syncAt: ctx.instant() } };
}

function refusalOf(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  if (error.reason === 'unavailable') return new DomainError('UNAVAILABLE', error.message, { cause: error });
  const field = error.reason === 'missing' ? 'calendarId' : 'clientId';
  return invalid({ [field]: [error.message] });
}

/** Providers that the account has connected. Their credentials can be replaced, and never be read again. */
export const integrations = {
  get: base.get,
  page: base.page,

  /**
   * Connects a provider, in place of an earlier connection, once its credentials are proved. What events that are
   * not over yet still want of it is made. Throws INVALID for what is refused, UNAVAILABLE when nobody answers.
   */
  async connect(ctx: Context, input: object): Promise<Integration> {
    ctx.require('integrations:write');
    const parts = parseInput(ctx, ConnectIntegration, 'create', input) as unknown as Parts;
    checkParts(parts);
    const { providers } = ctx;
    if (!providers) throw new DomainError('UNAVAILABLE', 'This process reaches no providers.');
    const { credentials, columns } = await prove(ctx, providers, parts).catch((error) =>
      Promise.reject(refusalOf(error)),
    );
    const { provider } = parts;
    return ctx.transaction(async (tx) => {
      const found = await tx.repo(Integration).findBy({ provider });
      const before = found && (await tx.repo(Integration).lockIfThere(found.id));
      const id = before?.id ?? uuidv7();
      const values: Partial<Integration> = {
        ...{ status: 'connected', lastError: null, lastErrorAt: null, syncToken: null, pageToken: null },
        ...{ ...columns, provider, credentials: sealCredentials(tx, id, credentials) },
        syncRound: (before?.syncRound ?? 0) + 1,
      };
      const repo = tx.repo(Integration);
      const row = before ? await repo.update(id, values) : await repo.insert({ ...values, id });
      await requeueLinks(tx, provider);
      await tx.emit(rowEvent(Integration, 'connected', row));
      return row;
    });
  },

  /** Forgets a provider and its credentials; what it has made stays. Throws NOT_FOUND when it is not connected. */
  async disconnect(ctx: Context, provider: IntegrationProvider): Promise<Integration> {
    ctx.require('integrations:write');
    return ctx.transaction(async (tx) => {
      const found = await tx.repo(Integration).findBy({ provider });
      const row = found && (await tx.repo(Integration).lockIfThere(found.id));
      if (!row) throw notFound('Integration');
      await tx.repo(Integration).remove(row.id);
      await parkLinks(tx, provider);
      await tx.emit(rowEvent(Integration, 'disconnected', row));
      return row;
    });
  },
};
