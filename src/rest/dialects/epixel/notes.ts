import { z } from 'zod';
import { notes } from '../../../domain/note/note.service';
import { noteRecord } from '../../../domain/note/note-lookup';
import { type Route, route } from '../../dialect';
import { answerWith, done, emptyAnswer } from './answers';
import { formatNote, noteOutput } from './appointment.fields';
import { anyFields, BLANK, recordId, words } from './codecs';
import { ofOthers } from './errors';
import { deletedMeanwhile, ownLead } from './lead-writes';
import { pathsOf } from './paths';
import { notFoundAs } from './refusals';

const NOT_TO_ADD = "You can't add note on this lead.";

/** Notes on leads. */
export const noteRoutes: Route[] = [
  route({
    ...pathsOf('create/leadnote'),
    operation: 'leadnotes-create',
    method: 'POST',
    summary: 'Create lead note',
    body: anyFields(
      z.object({
        slug: words({ max: 258 }).describe('The lead.'),
        note: words({ max: 499 }).describe('The text.'),
      }),
    ),
    answer: answerWith(noteOutput),
    errors: { ...deletedMeanwhile, ...ofOthers(NOT_TO_ADD) },
    run: async (ctx, { body }) => {
      const lead = await ownLead(ctx, body.slug as string, NOT_TO_ADD);
      return noteRecord(ctx, await notes.create(ctx, { leadId: lead.id, body: body.note }));
    },
    reply: (note) => done(formatNote(note)),
  }),
  route({
    ...pathsOf('delete/leadnote'),
    operation: 'leadnotes-delete',
    method: 'POST',
    summary: 'Delete lead note',
    body: anyFields(
      z.object({ note_id: recordId({ blank: BLANK, wrong: 'Invalid note id.' }).describe('The note.') }),
    ),
    answer: emptyAnswer,
    errors: {
      ...ofOthers("You can't delete this note."),
      ...notFoundAs('note_id', 'Requested note not found.'),
    },
    run: (ctx, { body }) => notes.delete(ctx, body.note_id),
    reply: () => done(),
  }),
];
