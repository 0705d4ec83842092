import type { Context } from '../context';
import type { Integration } from './integration.entity';
import { type GoogleCredentials, ProviderError, type ZoomCredentials } from './provider';

type SealedGoogle = Omit<GoogleCredentials, 'calendarId'>;
type Holder = Pick<Integration, 'accountId' | 'id' | 'credentials'>;

const placeOf = ({ accountId, id }: Pick<Holder, 'accountId' | 'id'>) =>
  `credentials of integration ${accountId} ${id}`;

/** The credentials in the form in which they are kept. */
export function sealCredentials(
  ctx: Context,
  id: string,
  credentials: ZoomCredentials | SealedGoogle,
): string {
  return ctx.vault.encrypt(JSON.stringify(credentials), placeOf({ accountId: ctx.account.id, id }));
}

function open<Credentials>(ctx: Context, holder: Holder): Credentials {
  try {
    return JSON.parse(ctx.vault.decrypt(holder.credentials, placeOf(holder)));
  } catch {
    throw new ProviderError(
      'credentials',
      'The stored credentials cannot be read under the SECRET of this installation: connect again.',
    );
  }
}

/** The credentials of a Zoom connection. Throws {@link ProviderError} when they cannot be read. */
export function zoomCredentials(ctx: Context, integration: Integration): ZoomCredentials {
  return open<ZoomCredentials>(ctx, integration);
}

/** The credentials of a Google connection. Throws {@link ProviderError} when they cannot be read. */
export function googleCredentials(ctx: Context, integration: Integration): GoogleCredentials {
  return { ...open<SealedGoogle>(ctx, integration), calendarId: integration.calendarId ?? 'primary' };
}
