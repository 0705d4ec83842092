import { z } from 'zod';
import { type CaseTagRecord, caseTags } from '../../../domain/tag/case-tags.service';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { fieldMap } from '../../field-map';
import { NO_OBJECT, text } from './codecs';
import { permitting } from './permissions';
import { ok } from './replies';

const PATH = '/api/v1/casetags';

/** A case tag in the vendor's words. */
export const caseTag = fieldMap<CaseTagRecord>()({
  id: { about: 'Identifier.', key: 'number', output: z.int() },
  tagname: {
    about: 'Name, unique among case tags.',
    key: 'name',
    parse: text('tagname'),
    isRequired: true,
    output: z.string(),
  },
  hidden: { about: 'Whether it is put away.', key: 'isHidden', output: z.boolean() },
  totalcases: { about: 'How many cases have it.', key: 'totalCases', output: z.int() },
});

const answer = caseTag.output();
const { wireNames } = caseTag;

/** Tags of cases. */
export const caseTagRoutes: Route[] = [
  permitting(
    'cases',
    route({
      operation: 'casetags-list',
      method: 'GET',
      path: PATH,
      summary: 'List case tags',
      answer: z.array(answer),
      run: (ctx) => caseTags.all(ctx),
      reply: (records) => ok(records.map((record) => caseTag.format(record))),
    }),
  ),
  permitting(
    'casetags_update',
    route({
      operation: 'casetags-create',
      method: 'POST',
      path: PATH,
      summary: 'Create a case tag',
      body: caseTag.creation(NO_OBJECT),
      ...{ answer, wireNames },
      run: (ctx, { body }) => caseTags.create(ctx, body),
      reply: (record) => ok(caseTag.format(record)),
    }),
  ),
  permitting(
    'casetags_update',
    route({
      operation: 'casetags-delete',
      method: 'DELETE',
      path: `${PATH}/{caseTagId}`,
      summary: 'Put a case tag away',
      params: z.object({ caseTagId: pathNumber.describe('The case tag.') }),
      answer,
      run: (ctx, { params: { caseTagId } }) => caseTags.hide(ctx, caseTagId),
      reply: (record) => ok(caseTag.format(record)),
    }),
  ),
];
