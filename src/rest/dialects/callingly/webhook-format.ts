import { Call } from '../../../domain/call/call.entity';
import { stateAt } from '../../../domain/change-log';
import type { Context } from '../../../domain/context';
import type { Lead } from '../../../domain/lead/lead.entity';
import { profilesOf } from '../../../domain/lead/lead-lookup';
import { Note } from '../../../domain/note/note.entity';
import { attach } from '../../../domain/related';
import { Tag } from '../../../domain/tag/tag.entity';
import { standardFormat } from '../../../domain/webhook/standard-format';
import { TEAM_CALLBACK_FORMAT } from '../../../domain/webhook/team-callback';
import type { ChangeFilters } from '../../../domain/webhook/webhook.rules';
import { type OutboundEvent, type WebhookFormat, WHOLE } from '../../../domain/webhook/webhook-format';
import { UPDATED_FIELDS, UPDATED_WORDS, type UpdatedWord } from './webhook-fields';
import { type LeadFile, leadPayload, type News, type NoteFile, updatePayload } from './webhook-payload';
import { type CallFile, callbackPayload, callPayload } from './webhook-payload-call';

/** The name of the format in which subscribers of webhooks are told. */
export const CALLINGLY_FORMAT = 'callingly';

const TAGS = 'tags';

/** One message for each tag that was added; when some were only taken off, one that names none. */
function tagParts({ changes }: OutboundEvent, value: ChangeFilters['value']): string[] {
  const { old, new: names } = changes.tagNames as { old: string[]; new: string[] };
  const added = names.filter((name) => !old.includes(name));
  if (added.length === 0) return [TAGS];
  return added
    .filter((name) => value === undefined || name === String(value))
    .map((name) => `${TAGS} ${name}`);
}

/** A lead that was changed makes one message for each changed field; the vendor's record names one at a time. */
function leadParts(event: OutboundEvent, { field, value }: ChangeFilters): string[] {
  const isTold = (word: UpdatedWord) => {
    const { key } = UPDATED_FIELDS[word];
    return Object.hasOwn(event.changes, key) && (field ?? key) === key;
  };
  return UPDATED_WORDS.filter(isTold).flatMap((word) => (word === TAGS ? tagParts(event, value) : [word]));
}

async function notesOf(ctx: Context, notes: Note[]): Promise<NoteFile[]> {
  if (notes.length === 0) return [];
  const withAuthor = await attach(ctx, Note, notes, 'author');
  return (await attach(ctx, Note, withAuthor, 'call')) as NoteFile[];
}

async function leadFile(ctx: Context, lead: Lead): Promise<LeadFile> {
  const [profile] = await profilesOf(ctx, [lead]);
  if (!profile) throw new Error('a lead has no profile');
  return { ...profile, notes: await notesOf(ctx, profile.notes) };
}

/** The note as it was written, even when it is gone since. */
async function newNote(ctx: Context, { changes, position }: OutboundEvent): Promise<NoteFile | undefined> {
  const state = await stateAt(ctx, String(changes.note?.new), position ?? 0);
  const [note] = await notesOf(ctx, state ? [state as unknown as Note] : []);
  return note;
}

async function newsOf(ctx: Context, event: OutboundEvent, part: string): Promise<News> {
  if (part === 'note') return { word: part, note: await newNote(ctx, event) };
  if (!part.startsWith(`${TAGS} `)) return { word: part as UpdatedWord };
  const name = part.slice(TAGS.length + 1);
  return { word: TAGS, name, tag: await ctx.repo(Tag).findBy({ name, scope: 'lead' }) };
}

async function leadOfCall(ctx: Context, { lead, leadId }: Call): Promise<LeadFile | null> {
  const known = lead ?? (await stateAt(ctx, leadId, Number.MAX_SAFE_INTEGER));
  return known ? leadFile(ctx, known as Lead) : null;
}

async function callFile(ctx: Context, event: OutboundEvent): Promise<CallFile> {
  let call = event.payload as unknown as Call;
  for (const name of ['lead', 'team', 'agent', 'phoneNumber'] as const)
    [call = call] = await attach(ctx, Call, [call], name);
  return { ...call, lead: await leadOfCall(ctx, call) } as CallFile;
}

type Payload = (ctx: Context, event: OutboundEvent, part: string) => Promise<object>;

const PAYLOADS: Record<string, Payload> = {
  'call.completed': async (ctx, event) => callPayload(await callFile(ctx, event), ctx.account),
  'lead.created': async (ctx, { payload }) => leadPayload(await leadFile(ctx, payload as unknown as Lead)),
  'lead.updated': async (ctx, event, part) => {
    const lead = await leadFile(ctx, event.payload as unknown as Lead);
    return updatePayload(lead, await newsOf(ctx, event, part), event.createdAt, ctx.account);
  },
};

const CALLBACK_PAYLOADS: Record<string, Payload> = {
  'call.completed': async (ctx, event) => callbackPayload(await callFile(ctx, event), ctx.account),
};

/** A bare object under the headers of Standard Webhooks; events without a payload are not sent, tests are sent as they are. */
function bareFormat(name: string, payloads: Record<string, Payload>): WebhookFormat {
  return {
    ...standardFormat,
    name,
    shows: ['leads', 'notes', 'tags'],
    parts: (event, filters) => {
      if (event.name === 'lead.updated' && payloads[event.name]) return leadParts(event, filters);
      return Object.hasOwn(payloads, event.name) ? [WHOLE] : [];
    },
    body: async (event, context, part) => {
      const payload = payloads[event.name];
      return JSON.stringify(payload ? await payload(await context(), event, part) : event.payload);
    },
  };
}

/** What the vendor sends: to subscribers of webhooks, and to the callback addresses of teams. */
export const webhookFormats: readonly WebhookFormat[] = [
  bareFormat(CALLINGLY_FORMAT, PAYLOADS),
  bareFormat(TEAM_CALLBACK_FORMAT, CALLBACK_PAYLOADS),
];
