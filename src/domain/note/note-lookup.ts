import type { Agent } from '../agent/agent.entity';
import type { Context } from '../context';
import { attach } from '../related';
import { Note } from './note.entity';

/** A note with who wrote it; null when nobody did or the agent was deleted. */
export type NoteRecord = Note & { author: Agent | null };

/** The note with its author. */
export async function noteRecord(ctx: Context, note: Note): Promise<NoteRecord> {
  const [record] = await attach(ctx, Note, [note], 'author');
  return record as NoteRecord;
}
