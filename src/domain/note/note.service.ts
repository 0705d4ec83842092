import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import { DomainError, invalid } from '../error';
import { rowEvent } from '../event';
import { Lead } from '../lead/lead.entity';
import { Note } from './note.entity';

/** What an agent writes is the agent's; only admins and programs may use another name, or touch what others wrote. */
function requireAuthor({ view: { agentId } }: Context, authorId: unknown): void {
  if (agentId === undefined || authorId === agentId) return;
  throw new DomainError('FORBIDDEN', 'Only its author may write, change or delete a note.');
}

const base: Crud<Note> = crud(Note, {
  async prepare(ctx, draft, current) {
    if (current) return requireAuthor(ctx, current.authorId);
    if (draft.leadId == null && draft.callId == null) {
      throw invalid({ leadId: ['A note needs a leadId, a callId or both.'] });
    }
    if (ctx.agent && draft.authorId === undefined) draft.authorId = ctx.agent.id;
    requireAuthor(ctx, draft.authorId);
    // Before the note refers to it, so that two notes at once never wait for one another.
    if (draft.leadId != null) await ctx.repo(Lead).lock(draft.leadId as string);
  },
  beforeDelete: (ctx, note) => requireAuthor(ctx, note.authorId),
});

/** Says to who follows the lead that it has a new note. */
async function noteOnLead(ctx: Context, { id, leadId }: Note): Promise<void> {
  if (leadId === null) return;
  const lead = await ctx.repo(Lead).update(leadId, {});
  await ctx.emit(rowEvent(Lead, 'updated', lead, { note: { old: null, new: id } }));
}

/**
 * Notes. One is about a lead, a call or both, and in an agent's session by the agent unless an admin says otherwise.
 * A new one changes its lead, in `lead.updated` as the change `note`.
 */
export const notes: Crud<Note> = {
  ...base,

  async create(ctx, input) {
    return ctx.transaction(async (tx) => {
      const note = await base.create(tx, input);
      await noteOnLead(tx, note);
      return note;
    });
  },
};
