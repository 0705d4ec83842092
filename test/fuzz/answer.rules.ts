import type { Conformance } from '../support/conformance';
import { leakIn } from './leak.rules';
import type { Answer } from './target';
import type { Request } from './wire-request';

/** Stands in the records of another account, and in no request. */
export const MARK = 'Zyzzyva';
/** Faults of the server in the words of dialects that answer them with other statuses. */
const FAULT = /Internal server error|"Server Error"|api_error_internal|api_error_unavailable/;
/** Node’s own answer to a header `Expect` that it does not know. */
const EXPECTATION_FAILED = 417;

/** What is wrong with an answer of any door; undefined when it is as it should be. */
export function faultOf({ status, headers, text }: Answer): string | undefined {
  if (status >= 500 || FAULT.test(text)) return 'it is a fault of the server';
  const leak = leakIn(text, [MARK]) ?? leakIn(JSON.stringify(headers), [MARK]);
  return leak && `it tells ${leak}`;
}

function isEmptyFor({ method, headers }: Request, status: number): boolean {
  if (method === 'HEAD' || method === 'OPTIONS' || status === 204) return true;
  return status === EXPECTATION_FAILED && headers.expect !== undefined;
}

/** The same of the answer of a dialect, which has a shape and, at an operation, a document. */
export function restFaultOf(request: Request, answer: Answer, conformance: Conformance): string | undefined {
  const { status, headers, text } = answer;
  const fault = faultOf(answer);
  if (fault) return fault;
  if (text === '') return isEmptyFor(request, status) ? undefined : 'it is empty';
  if (!headers['content-type']?.startsWith('application/json')) return 'it is no JSON';
  const body: unknown = JSON.parse(text);
  if (body === null || typeof body !== 'object') return 'it is neither object nor list';
  const { method, operation } = request;
  return operation && conformance.faultOf({ method, path: operation, status, body });
}

/** The failure that shows what was sent and what came back. */
export function failureOf({ method, path, headers, body }: Request, answer: Answer, why: string): Error {
  const sent = body ? ` ${body.subarray(0, 2_000).toString('latin1')}` : '';
  return new Error(
    `${why}\n${method} ${path.slice(0, 2_000)} ${JSON.stringify(headers)}${sent}\n→ ${answer.status} ${answer.text.slice(0, 1_500)}`,
  );
}
