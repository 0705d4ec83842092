import { z } from 'zod';
import { type EntryRecord, historyOf } from '../../../domain/support-case/case-records';
import { supportCases } from '../../../domain/support-case/support-case.service';
import { type Route, route } from '../../dialect';
import { entry, feedback, supportCase } from './case.fields';
import { caseQuery, searchOf } from './case-query';
import { CASE_PATH, caseParams, caseRefOf } from './case-ref';
import { permitting } from './permissions';
import { ok } from './replies';

const answer = supportCase.output();
const history = z.array(entry.output()).describe('All that happened, oldest first.');
const params = caseParams;

/** Looking at cases. */
export const caseRoutes: Route[] = [
  route({
    operation: 'cases-search',
    method: 'GET',
    path: '/api/v1/cases',
    summary: 'Search cases',
    query: caseQuery,
    answer: z.array(answer),
    run: (ctx, { query }) => supportCases.search(ctx, searchOf(ctx, query)),
    reply: (records) => ok(records.map((record) => supportCase.format(record))),
  }),
  route({
    operation: 'cases-get',
    method: 'GET',
    path: CASE_PATH,
    summary: 'Get a case with its history',
    params,
    answer: answer.extend({ history }),
    run: async (ctx, { params: { caseId } }) => supportCases.withHistory(ctx, await caseRefOf(ctx, caseId)),
    reply: ({ entries, ...record }) =>
      ok({ ...supportCase.format(record), history: entries.map((one) => entry.format(one as EntryRecord)) }),
  }),
  route({
    operation: 'cases-feedback',
    method: 'GET',
    path: `${CASE_PATH}/feedback`,
    summary: 'Get the feedback of a case',
    params,
    answer: feedback.output(),
    run: async (ctx, { params: { caseId } }) => supportCases.record(ctx, await caseRefOf(ctx, caseId)),
    reply: (record) => ok(feedback.format(record)),
  }),
  route({
    operation: 'cases-history',
    method: 'GET',
    path: `${CASE_PATH}/history`,
    summary: 'List the history of a case',
    params,
    answer: history,
    run: async (ctx, { params: { caseId } }) => {
      const { id } = await supportCases.get(ctx, await caseRefOf(ctx, caseId));
      return historyOf(ctx, id);
    },
    reply: (entries) => ok(entries.map((one) => entry.format(one))),
  }),
].map((one) => permitting('cases', one));
