import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type ProviderCall, ProviderError } from '../../domain/integration/provider';
import { exchange, type Line, type ProviderRequest, requireSuccess, unreadable } from './provider-http';

/** How a provider is signed in to. */
interface SignIn<Credentials> extends Line {
  now: () => Date;
  /** The request that turns credentials into an access token (RFC 6749, sections 4.4 and 6). */
  tokenRequest: (credentials: Credentials) => Omit<ProviderRequest, 'signal' | 'method'>;
}

interface Token {
  text: string;
  /** Milliseconds since 1970. */
  goodUntil: number;
}

const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });
const refusal = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

/** A token is not used any more so long before it ends. */
const MARGIN_MS = 60_000;
const KNOWN_MAX = 10_000;

/** Calls a provider under access tokens, which are kept in memory until shortly before they end. */
export class AuthorizedLine<Credentials extends object> {
  private readonly tokensByKey = new Map<string, Token>();

  constructor(private readonly signIn: SignIn<Credentials>) {}

  /** Fetches a new token. Throws CREDENTIALS when there is none for them. */
  async renew({ credentials, signal }: ProviderCall<Credentials>): Promise<string> {
    const { signIn } = this;
    const answer = await exchange(signIn, {
      ...signIn.tokenRequest(credentials),
      ...{ method: 'POST', signal },
    });
    const isRefused = answer.status >= 400 && answer.status < 500 && answer.status !== 429;
    if (isRefused) throw this.refused(answer.body);
    requireSuccess(signIn, answer);
    const { success, data } = tokenAnswer.safeParse(answer.body);
    if (!success) throw unreadable(signIn);
    const goodUntil = signIn.now().getTime() + data.expires_in * 1000 - MARGIN_MS;
    if (this.tokensByKey.size >= KNOWN_MAX) this.tokensByKey.clear();
    this.tokensByKey.set(keyOf(credentials), { text: data.access_token, goodUntil });
    return data.access_token;
  }

  /** Sends a request under a token, and once more under a new one when that is not accepted. */
  async send<Answer>(
    call: ProviderCall<Credentials>,
    one: Omit<ProviderRequest, 'signal' | 'headers' | 'body'> & { json?: object },
    form: z.ZodType<Answer>,
  ): Promise<Answer> {
    const known = this.tokensByKey.get(keyOf(call.credentials));
    const isGood = known !== undefined && this.signIn.now().getTime() < known.goodUntil;
    const first = await this.under(isGood ? known.text : await this.renew(call), call, one);
    const answer = first.status === 401 ? await this.under(await this.renew(call), call, one) : first;
    requireSuccess(this.signIn, answer);
    const { success, data } = form.safeParse(answer.body);
    if (!success) throw unreadable(this.signIn);
    return data;
  }

  private under(
    token: string,
    { signal }: ProviderCall<Credentials>,
    { json, ...one }: Omit<ProviderRequest, 'signal' | 'headers' | 'body'> & { json?: object },
  ) {
    const authorization = `Bearer ${token}`;
    return exchange(this.signIn, {
      ...{ ...one, signal },
      headers: { authorization, ...(json && { 'content-type': 'application/json' }) },
      ...(json && { body: JSON.stringify(json) }),
    });
  }

  // Only the code: a longer text could repeat what was sent.
  private refused(body: unknown): ProviderError {
    const { data } = refusal.safeParse(body);
    const code = data ? ` (${data.error})` : '';
    return new ProviderError('credentials', `${this.signIn.name} refused the credentials${code}.`);
  }
}

function keyOf(credentials: object): string {
  return createHash('sha256').update(JSON.stringify(credentials)).digest('base64');
}
