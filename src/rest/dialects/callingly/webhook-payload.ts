import type { Agent } from '../../../domain/agent/agent.entity';
import type { Call } from '../../../domain/call/call.entity';
import type { AccountScope } from '../../../domain/context-seed';
import { joinName } from '../../../domain/lead/lead.rules';
import type { LeadProfile } from '../../../domain/lead/lead-lookup';
import type { Note } from '../../../domain/note/note.entity';
import type { Tag } from '../../../domain/tag/tag.entity';
import type { Team } from '../../../domain/team/team.entity';
import { timeFormatted } from './codecs';
import { microTime, toldValue, type UpdatedWord } from './webhook-fields';

/** A note with who wrote it and the call it is about; what was deleted is null. */
export type NoteFile = Note & { author: Agent | null; call: Call | null };

/** A lead with all that is told of it. */
export type LeadFile = Omit<LeadProfile, 'notes'> & { notes: NoteFile[] };

/** A tag in the list of a lead. */
export const tagItem = ({ number, name }: Tag) => ({ id: number, name });

/** A note in the list of a lead. */
export function noteItem({ number, author, call, body, createdAt }: NoteFile) {
  return {
    id: number,
    user_id: author?.number ?? null,
    call_id: call?.number ?? null,
    content: body,
    created_at: microTime(createdAt),
  };
}

/** The name and the id of a team. */
const teamItem = ({ number, name }: Team) => ({ id: number, name });

/** Who did what is told. */
function agentItem(agent: Agent) {
  return { name: joinName(agent), phone_number: agent.phone, custom_id: agent.customId };
}

const LINE_BREAK = /\r\n|\r|\n/g;
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text as HTML: escaped, a `<br />` at each end of a line. */
export function htmlOf(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ESCAPES[sign] as string).replace(LINE_BREAK, '<br />\n');
}

/** The whole of what `lead_created` tells. The vendor's `crm`, the name of a connected CRM, is nothing here. */
export function leadPayload(lead: LeadFile) {
  const { firstName, lastName, email, phone, company, category, source, comments, owner, team } = lead;
  return {
    id: lead.number,
    ...{ fname: firstName, lname: lastName, email, phone_number: phone, company, category, source },
    crm: null,
    comments,
    comments_formatted: comments && htmlOf(comments),
    lead_owner: owner && joinName(owner),
    notes: lead.notes.map(noteItem),
    tags: lead.tags.map(tagItem),
    ...{ status: lead.status, result: lead.result, stage: lead.stage ?? '' },
    team: team && teamItem(team),
  };
}

/** The new value of a field that is one value. */
function scalarValue(name: unknown, updatedAt: string) {
  return { name, updated_at: microTime(updatedAt) };
}

/** A tag as the row that it is. */
function tagRow(tag: Tag, account: AccountScope) {
  return {
    id: tag.number,
    account_id: account.number,
    ...{ name: tag.name, color: tag.color, is_cancel_calls: 0 },
    created_at: microTime(tag.createdAt),
    updated_at: microTime(tag.updatedAt),
    deleted_at: null,
  };
}

function userRow(agent: Agent) {
  const { number, firstName, lastName, email, phone } = agent;
  return {
    ...{ id: number, name: joinName(agent), fname: firstName, lname: lastName, email, phone_number: phone },
  };
}

/** A note as the row that it is, with who wrote it. */
function noteRow(note: NoteFile, lead: LeadFile, account: AccountScope) {
  const { id, user_id, call_id, content, created_at } = noteItem(note);
  return {
    ...{ id, account_id: account.number, user_id, call_id, lead_id: lead.number, content, created_at },
    updated_at: microTime(note.updatedAt),
    created_at_formatted: timeFormatted(note.createdAt, account),
    user: note.author && userRow(note.author),
  };
}

/** What a lead has new: the note or the tag itself, else only the new value of the field. */
export type News = { word: UpdatedWord; tag?: Tag | undefined; note?: NoteFile | undefined; name?: string };

/** The whole of what `lead_updated` tells of one field; `updatedValue` is an object whatever has become of the field. */
export function updatePayload(lead: LeadFile, news: News, updatedAt: string, account: AccountScope) {
  const { word, tag, note, name } = news;
  const payload = { ...leadPayload(lead), updatedField: word };
  if (tag) return { ...payload, updatedValue: tagRow(tag, account), tag: tagRow(tag, account) };
  if (note) {
    const agent = note.author && agentItem(note.author);
    return { ...payload, updatedValue: noteRow(note, lead, account), ...(agent && { agent, user: agent }) };
  }
  const isScalar = word !== 'tags' && word !== 'note';
  const value = isScalar ? toldValue(word, { ...lead, notes: [] }) : (name ?? null);
  return { ...payload, updatedValue: scalarValue(value, updatedAt) };
}
