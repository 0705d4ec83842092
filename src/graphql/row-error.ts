import { GraphQLString } from 'graphql';
import { registerEnumType } from 'type-graphql';
import { type DomainError, ERROR_CODES } from '../domain/error';
import { ERROR_CODE_ABOUT } from './errors';
import { makeObject } from './made-type';

const errorCode = Object.fromEntries(ERROR_CODES.map((code) => [code, code]));
registerEnumType(errorCode, {
  name: 'ErrorCode',
  description: 'Kinds of failure; the same words stand in `errors[].extensions.code`.',
  valuesConfig: Object.fromEntries(
    ERROR_CODES.map((code) => [code, { description: ERROR_CODE_ABOUT[code] }]),
  ),
});

const fieldProblem = makeObject('FieldProblem', 'What is wrong with one field of an input.', {
  field: { type: () => GraphQLString, about: 'Name of the field.' },
  messages: { type: () => [GraphQLString], about: 'What is wrong with it.' },
});

/** The GraphQL type of the error of one row of a bulk write. */
export const rowErrorType = makeObject('RowError', 'Why a row was not written.', {
  code: { type: () => errorCode, about: 'Kind of failure.' },
  message: { type: () => GraphQLString, about: 'What is wrong, in a sentence.' },
  fields: { type: () => [fieldProblem], about: 'What is wrong with which field.' },
});

/** An error as data. */
export function rowErrorOf({ code, message, fields = {} }: DomainError): object {
  return { code, message, fields: Object.entries(fields).map(([field, messages]) => ({ field, messages })) };
}
