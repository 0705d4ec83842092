import { z } from 'zod';
import { formPages } from '../../../domain/form-page/form-page.service';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { paging, sliceOf } from './codecs';
import { formPage } from './page.fields';
import { one, oneOf, page, pageOf } from './replies';

const PATH = '/api/v1/pages';

/** Pages with forms: they are made at other doors; here they are read. */
export const pageRoutes: Route[] = [
  route({
    operation: 'pages-list',
    method: 'GET',
    path: PATH,
    summary: 'List pages',
    query: z.object(paging),
    answer: pageOf(formPage.output()),
    run: (ctx, { query }) => formPages.records(ctx, sliceOf(query)),
    reply: ({ records, total }, { query, url: base }) =>
      page(
        records.map((record) => formPage.format({ page: record, base })),
        total,
        query,
      ),
  }),
  route({
    operation: 'pages-get',
    method: 'GET',
    path: `${PATH}/{page_id}`,
    summary: 'Get a page with its number of submissions and its settings',
    params: z.object({ page_id: pathNumber.describe('The page.') }),
    answer: oneOf(formPage.output()),
    run: (ctx, { params: { page_id } }) => formPages.record(ctx, page_id),
    reply: (record, { url: base }) => one(formPage.format({ page: record, base })),
  }),
];
