import { phoneNumbers } from '../../src/domain/phone-number/phone-number.service';
import type { Dialect } from '../../src/rest/dialect';
import { issueKey, openTestAccount, TestClock } from '../support/account';
import { openAccountFor, signInAgent, tokenOf } from '../support/dialect-account';
import { callOf, noteIds } from '../support/dialect-client';
import { EXAMPLE_NUMBER } from '../support/server';
import type { Target } from './target';
import type { Request } from './wire-request';

/** What a client shows: a key, and the token of an agent where the dialect wants one. */
interface Pass {
  key: string;
  token?: string | undefined;
}

const TITLES = /("(?:name|fname|title|comment|note|summary)":")/g;

/** The request with a pass where the dialect looks first, unless it has something there already. */
export function signed(dialect: Dialect, request: Request, { key, token }: Pass): Request {
  const [credential] = dialect.credentials;
  const inHeader = credential?.in === 'header' ? credential.name.toLowerCase() : undefined;
  const headers = {
    ...(inHeader ? { [inHeader]: key } : { authorization: `Bearer ${key}` }),
    ...(token && { authorization: `Bearer ${token}` }),
  };
  return { ...request, headers: { ...headers, ...request.headers } };
}

/** An account with what the dialect documents. */
export class RestAccount {
  /** Ids of its records. */
  readonly ids: string[] = [];
  private turn = 0;

  private constructor(private readonly passes: Pass[]) {}

  /** Opens one that can be asked so often, and whose records have the mark in their names. */
  static async open(
    target: Target,
    dialect: Dialect,
    { requests, mark = '' }: { requests: number; mark?: string },
  ): Promise<RestAccount> {
    const openAccount = async () => {
      const account = await openTestAccount({ kind: 'agency', clock: new TestClock(new Date()) });
      await phoneNumbers.create(account.ctx, { phone: EXAMPLE_NUMBER });
      return account;
    };
    const account = await openAccountFor({ openAccount }, dialect);
    const limits = dialect.routes.map(({ rateLimit = dialect.rateLimit }) => rateLimit.limit);
    const passes: Pass[] = [{ key: account.key, token: tokenOf(account.key) }];
    // Keys and agents are counted one by one: none of them comes to its limit.
    while (passes.length < requests / Math.min(...limits)) {
      const username = `agent${passes.length}`;
      const token = dialect.accessToken && (await signInAgent(account, { username })).token;
      passes.push({ key: await issueKey(account), token });
    }
    const opened = new RestAccount(passes);
    await opened.fill(target, dialect, mark);
    return opened;
  }

  /** The next of its passes, which take turns. */
  next(): Pass {
    this.turn += 1;
    return this.passes[this.turn % this.passes.length] as Pass;
  }

  private async fill(target: Target, dialect: Dialect, mark: string): Promise<void> {
    const idsByName = new Map<string, string>();
    for (const example of dialect.examples) {
      const { method, path, headers = {}, body } = callOf(dialect, example, idsByName);
      if (method === 'DELETE') continue;
      const json = body === undefined ? '' : JSON.stringify(body).replace(TITLES, `$1${mark}`);
      const request: Request = {
        ...{ method, path, headers: { 'content-type': 'application/json', ...headers } },
        ...(json !== '' && { body: Buffer.from(json) }),
      };
      const answer = await target.send(signed(dialect, request, this.next()));
      const made = method === 'POST' ? { ...example, remember: `made by ${example.title}` } : example;
      noteIds(made, JSON.parse(answer?.text ?? ''), idsByName);
    }
    this.ids.push(...new Set(idsByName.values()));
  }
}
