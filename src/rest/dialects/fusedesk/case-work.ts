import { z } from 'zod';
import type { Context } from '../../../domain/context';
import type { RowRef } from '../../../domain/entity';
import { type EntryRecord, historyOf } from '../../../domain/support-case/case-records';
import { textOfHtml } from '../../../domain/support-case/html-text';
import type { SupportCase } from '../../../domain/support-case/support-case.entity';
import { supportCases } from '../../../domain/support-case/support-case.service';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { entry, supportCase } from './case.fields';
import { CASE_PATH, caseParams, caseRefOf, shownCase } from './case-ref';
import { spoken, status } from './case-writes';
import { instantOf, list, record, text, time, words } from './codecs';
import { permitting } from './permissions';
import { ok } from './replies';

const wireNames = new Map([
  ...([
    ['templateId', 'templateid'],
    ['authorId', 'repid'],
    ['kind', 'type'],
    ['tagIds.0', 'caseTagId'],
    ['contactId', 'contactid'],
  ] as const),
]);

const note = z.object({
  note: text('note').describe('What is written down.'),
  title: words('title').describe('What it is about, in a line.'),
  type: spoken,
  repid: record('repid').optional().describe('The rep who writes; the key when not given.'),
  status,
  templateid: record('templateid').optional().describe('A template that it is put into.'),
});

const reply = z.object({
  body: text('body').describe('What is answered, as plain text.'),
  html: words('html').describe('The same as HTML; 1 or true: body is HTML.'),
  to: list('to').optional().describe('Whom it is to; who wrote last when not given.'),
  from: words('from').describe('Whom it is from; the address of the department when not given.'),
  cc: list('cc').optional().describe('Who gets a copy.'),
  bcc: list('bcc').optional().describe('Who gets a copy and is not shown.'),
  templateid: record('templateid').optional().describe('A template that it is put into.'),
});

const past = z.object({
  description: text('description').describe('What happened.'),
  title: words('title').describe('The same in a line.'),
  type: spoken,
});

function replyOf({ body, html, templateid, ...rest }: z.infer<typeof reply>): object {
  const isBodyHtml = /^(1|true|yes)$/i.test(String(html ?? ''));
  const texts = isBodyHtml ? { body: textOfHtml(String(body)), html: body } : { body, html };
  return { ...rest, ...texts, templateId: templateid };
}

type Work = (ctx: Context, ref: RowRef, params: { caseTagId: number }) => Promise<SupportCase>;

/** An operation on a case that takes nothing but its address. */
function bare(operation: string, path: string, summary: string, work: Work): Route {
  const isTag = path.includes('{caseTagId}');
  return route({
    operation,
    method: 'POST',
    path: `${CASE_PATH}/${path}`,
    summary,
    params: isTag ? caseParams.extend({ caseTagId: pathNumber.describe('The case tag.') }) : caseParams,
    ...{ answer: supportCase.output(), wireNames },
    run: async (ctx, { params }) =>
      shownCase(ctx, await work(ctx, await caseRefOf(ctx, params.caseId), params as never)),
    reply: (changed) => ok(supportCase.format(changed)),
  });
}

/** An operation on a case that takes parameters. */
function given<Body extends z.ZodType>(
  operation: string,
  path: string,
  summary: string,
  body: Body,
  work: (ctx: Context, ref: RowRef, body: z.infer<Body>) => Promise<SupportCase>,
): Route {
  return route({
    ...{ operation, method: 'POST', path: `${CASE_PATH}/${path}`, summary, params: caseParams },
    ...{ body: body as z.ZodType, answer: supportCase.output(), wireNames },
    run: async (ctx, { params: { caseId }, body: parsed }) =>
      shownCase(ctx, await work(ctx, await caseRefOf(ctx, caseId), parsed as z.infer<Body>)),
    reply: (changed) => ok(supportCase.format(changed)),
  });
}

async function addPast(ctx: Context, ref: RowRef, { description, title, type }: z.infer<typeof past>) {
  return ctx.transaction(async (tx) => {
    const { id } = await supportCases.addNote(tx, ref, { note: description, title, kind: type });
    return (await historyOf(tx.asSystem('fusedesk'), id)).at(-1) as EntryRecord;
  });
}

/** Working on cases: notes, replies, tags, snoozing, feedback. */
export const caseWorkRoutes: Route[] = [
  given(
    'cases-add-note',
    'addnote',
    'Add a note to a case',
    note,
    (ctx, ref, { repid, templateid, type, ...rest }) =>
      supportCases.addNote(ctx, ref, { ...rest, kind: type, authorId: repid, templateId: templateid }),
  ),
  given('cases-reply', 'reply', 'Answer a case by e-mail', reply, (ctx, ref, body) =>
    supportCases.reply(ctx, ref, replyOf(body)),
  ),
  given(
    'cases-snooze',
    'snooze',
    'Put a case out of sight for a while',
    z.object({ until: time('until').describe('Until when.') }),
    (ctx, ref, { until }) => supportCases.snooze(ctx, ref, { until: instantOf(ctx, until) }),
  ),
  bare('cases-tag', 'tag/{caseTagId}', 'Put a tag on a case', (ctx, ref, { caseTagId }) =>
    supportCases.tag(ctx, ref, caseTagId),
  ),
  bare('cases-untag', 'untag/{caseTagId}', 'Take a tag off a case', (ctx, ref, { caseTagId }) =>
    supportCases.untag(ctx, ref, caseTagId),
  ),
  bare('cases-feedback-do-ask', 'feedback/doask', 'Allow to ask for feedback', (ctx, ref) =>
    supportCases.setFeedbackWanted(ctx, ref, true),
  ),
  bare('cases-feedback-dont-ask', 'feedback/dontask', 'Forbid to ask for feedback', (ctx, ref) =>
    supportCases.setFeedbackWanted(ctx, ref, false),
  ),
  bare('cases-feedback-request', 'feedback/request', 'Ask for feedback now', (ctx, ref) =>
    supportCases.requestFeedback(ctx, ref),
  ),
  route({
    operation: 'cases-history-add',
    method: 'POST',
    path: `${CASE_PATH}/history`,
    summary: 'Add to the history of a case',
    params: caseParams,
    body: past,
    ...{ answer: entry.output(), wireNames },
    run: async (ctx, { params: { caseId }, body }) => addPast(ctx, await caseRefOf(ctx, caseId), body),
    reply: (made) => ok(entry.format(made)),
  }),
].map((one) => permitting('cases_update', one));
