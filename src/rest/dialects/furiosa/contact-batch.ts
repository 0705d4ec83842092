import { z } from 'zod';
import type { Contact } from '../../../domain/contact/contact.entity';
import { contacts } from '../../../domain/contact/contact.service';
import { type ContactRecord, recordsOf } from '../../../domain/contact/contact-lookup';
import type { Context } from '../../../domain/context';
import { asDomainError, type DomainError, invalid } from '../../../domain/error';
import { recordNumber } from '../../codecs';
import { type Reply, route } from '../../dialect';
import { jsonSchema } from '../../openapi-schema';
import { inWireNames, parseValue } from '../../parse-request';
import { missing, NO_OBJECT } from './codecs';
import { contact, contactChange, contactCreation } from './contact.fields';
import { errors } from './errors';

const BATCH_MAX = 100;
const TOO_MANY = `The contacts may not have more than ${BATCH_MAX} items.`;
const NO_CONTACT = 'Each of the contacts must be a JSON object.';

const isGiven = (value: unknown) => value !== undefined && value !== null;

const batch = z.preprocess(
  (given) => (Array.isArray(given) ? { contacts: given } : given),
  z.object(
    {
      audience_id: recordNumber('The audience_id must be an integer.')
        .nullish()
        .describe('The audience of contacts that name none.'),
      contacts: z
        .array(z.unknown().meta(jsonSchema(contactChange, 'body')), {
          error: ({ input }) => (isGiven(input) ? 'The contacts must be an array.' : missing('contacts')),
        })
        .min(1, missing('contacts'))
        .max(BATCH_MAX, TOO_MANY)
        .describe(`1 to ${BATCH_MAX} contacts; the body may also be this list alone.`),
    },
    { error: NO_OBJECT },
  ),
);

interface Failure {
  index: number;
  error: DomainError;
}

interface Written {
  records: ContactRecord[];
  failures: Failure[];
}

/** The contact of a row in domain terms. Throws INVALID. */
function draftOf(row: unknown, audienceId: number | null | undefined): object {
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    throw invalid({ contacts: [NO_CONTACT] });
  const { audience_id = audienceId } = row as { audience_id?: unknown };
  return parseValue(contactCreation, { ...row, audience_id: audience_id ?? audienceId });
}

async function write(ctx: Context, { audience_id, contacts: rows }: z.infer<typeof batch>): Promise<Written> {
  const failures: Failure[] = [];
  const drafts = rows.flatMap((row, index) => {
    try {
      return [{ index, draft: draftOf(row, audience_id) }];
    } catch (thrown) {
      failures.push({ index, error: asDomainError(thrown) });
      return [];
    }
  });
  if (drafts.length === 0) return { records: [], failures };
  const inputs = drafts.map(({ draft }) => draft);
  const made: Contact[] = [];
  for (const { index, row, error } of await contacts.createMany(ctx, inputs, 'skip_invalid')) {
    if (row) made.push(row);
    else failures.push({ index: drafts[index]?.index ?? index, error: asDomainError(error) });
  }
  return { records: await recordsOf(ctx, made), failures };
}

/** What is wrong with a row, as it would be answered had the row come alone. */
function formatFailure({ index, error }: Failure): object {
  const { body } = errors[error.code](inWireNames(error, contact));
  const { error: _error, ...rest } = body as Record<string, unknown>;
  return { index, ...rest };
}

function answerOf({ records, failures }: Written): Reply {
  const ordered = failures.toSorted((a, b) => a.index - b.index);
  return {
    status: 201,
    body: {
      data: records.map((record) => contact.format(record)),
      ...{ created: records.length, failed: failures.length, errors: ordered.map(formatFailure) },
    },
  };
}

/** Creation of up to a hundred contacts by one request: the good ones are stored, the others answered one by one. */
export const contactBatchRoute = route({
  operation: 'contacts-create-batch',
  method: 'POST',
  path: '/api/v1/contacts/batch',
  summary: 'Create contacts in batch',
  body: batch,
  answer: z.object({
    data: z.array(contact.output()).describe('The contacts that were made, in the order of the request.'),
    created: z.int(),
    failed: z.int(),
    errors: z.array(
      z.object({
        index: z.int().describe('Which of the contacts, from 0 on.'),
        status: z.int().describe('What the contact alone would have been answered with.'),
        message: z.string(),
        errors: z.record(z.string(), z.string()).optional(),
      }),
    ),
  }),
  run: (ctx, { body }) => write(ctx, body),
  reply: answerOf,
});
