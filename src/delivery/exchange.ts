import type { Dispatcher } from 'undici';

/** One POST, with its address taken apart. */
export interface ExchangeRequest {
  origin: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  /** Until the answer is complete. */
  timeoutMs: number;
}

/** What came back. */
export interface Exchanged {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
  /** The body, or the start of a long one. */
  chunks: Buffer[];
}

const BODY_READ_BYTES = 16_384;

class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Posts by the dispatcher's own events: a stream and an AbortSignal for each answer would take more time than all the
 * rest (72 instead of 30 µs). Of a long body the start is read, and then the connection is closed.
 */
export function exchange(dispatcher: Dispatcher, request: ExchangeRequest): Promise<Exchanged> {
  const { timeoutMs, ...rest } = request;
  return new Promise((resolve, reject) => {
    const answer: Exchanged = { statusCode: 0, headers: {}, chunks: [] };
    let bytes = 0;
    let controller: Dispatcher.DispatchController | undefined;
    let failure: Error | undefined;
    const timer = setTimeout(() => fail(new TimeoutError()), timeoutMs);
    const fail = (error: Error) => {
      clearTimeout(timer);
      failure = error;
      reject(error);
      controller?.abort(error);
    };
    const succeed = () => {
      clearTimeout(timer);
      resolve(answer);
    };
    dispatcher.dispatch(
      { ...rest, method: 'POST' },
      {
        onRequestStart: (own) => {
          controller = own;
          // Its time was over before there was a connection.
          if (failure) own.abort(failure);
        },
        onResponseStart: (_, statusCode, headers) => {
          Object.assign(answer, { statusCode, headers });
        },
        onResponseData: (_, chunk) => {
          answer.chunks.push(chunk);
          bytes += chunk.length;
          if (bytes <= BODY_READ_BYTES) return;
          succeed();
          controller?.abort(new Error('The body is too long.'));
        },
        onResponseEnd: succeed,
        onResponseError: (_, error) => fail(error),
      },
    );
  });
}
