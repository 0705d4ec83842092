import { z } from 'zod';
import type { Agent } from '../../../domain/agent/agent.entity';
import type { Appointment, AppointmentStatus } from '../../../domain/appointment/appointment.entity';
import type { Lead } from '../../../domain/lead/lead.entity';
import type { Note } from '../../../domain/note/note.entity';
import { wordFor, wordOf } from '../../codecs';
import { fieldMap } from '../../field-map';
import { localOf, localTime, optionalWords } from './codecs';

const STATUSES: Record<string, AppointmentStatus> = {
  pending: 'pending',
  rescheduled: 'rescheduled',
  cancelled: 'cancelled',
  fullfilled: 'fulfilled',
  confirmed: 'confirmed',
};
const statusWord = wordFor(STATUSES);

/** An appointment's status in the vendor's words. */
export const status = wordOf(STATUSES, 'Invalid appointment status.');

/** An appointment with its lead and the zone of the clock that it is shown by. */
export type ShownAppointment = Appointment & { lead?: Lead | null; timeZone: string };

/** An appointment in the vendor's words. */
export const appointment = fieldMap<ShownAppointment>()({
  id: { about: 'Whole-number identifier.', key: 'number', output: z.int() },
  appointment_date: {
    about: 'When it starts, by the account’s clock (`yyyy-mm-dd HH:MM`).',
    key: 'startsAt',
    parse: localTime,
    isRequired: true,
    format: ({ startsAt, timeZone }) => localOf(startsAt, timeZone),
    output: z.string(),
  },
  appointment_to: {
    about: 'When it ends, by the account’s clock (`yyyy-mm-dd HH:MM`).',
    key: 'endsAt',
    parse: localTime,
    isRequired: true,
    format: ({ endsAt, timeZone }) => localOf(endsAt, timeZone),
    output: z.string(),
  },
  appointment_note: {
    about: 'What it is about.',
    key: 'note',
    parse: optionalWords(200),
    output: z.string().nullable(),
  },
  appointment_status: {
    about: 'What became of it; pending when not given.',
    key: 'status',
    parse: status,
    format: ({ status: word }) => statusWord(word),
    output: z.enum(Object.keys(STATUSES)),
  },
  lead: {
    about: 'The lead it is with; null when the lead was deleted.',
    format: ({ lead }) => lead && { slug: lead.slug, first_name: lead.firstName, last_name: lead.lastName },
    output: z.object({ slug: z.string(), first_name: z.string(), last_name: z.string() }).nullable(),
  },
});

/** What an answered note looks like. */
export const noteOutput = z.object({
  id: z.int().describe('Whole-number identifier.'),
  note: z.string().describe('The text.'),
  created_at: z.iso.datetime().describe('When it was written.'),
  author: z.string().nullable().describe('Username of who wrote it.'),
});

/** A note in the vendor's words. */
export function formatNote({ number, body, createdAt, author }: Note & { author?: Agent | null }) {
  return { id: number, note: body, created_at: createdAt, author: author?.username ?? null };
}
