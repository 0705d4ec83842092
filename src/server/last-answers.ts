import { STATUS_CODES } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../domain/error';
import { STATUS } from '../graphql/errors';

interface Failure {
  statusCode: number;
  error: string | undefined;
  message: string;
}

function failureOf(thrown: unknown, request: FastifyRequest): Failure {
  const byCode = thrown instanceof DomainError ? STATUS[thrown.code] : 500;
  const { statusCode = byCode, message } = thrown as { statusCode?: number; message: string };
  const error = STATUS_CODES[statusCode];
  if (statusCode < 500) return { statusCode, error, message };
  request.log.error({ err: thrown }, 'a request failed');
  return { statusCode, error, message: 'Internal server error' };
}

/** What fails where no door has an answer of its own is answered without a word of the inside. */
export function addLastAnswers(app: FastifyInstance): void {
  app.setErrorHandler((thrown, request, reply) => {
    const failure = failureOf(thrown, request);
    return reply.code(failure.statusCode).send(failure);
  });
}
