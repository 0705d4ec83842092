import { type Crud, crud } from '../crud';
import { invalid } from '../error';
import { Note } from './note.entity';

/** Notes. One is about a lead, a call or both. */
export const notes: Crud<Note> = crud(Note, {
  prepare(_, draft, current) {
    if (!current && draft.leadId == null && draft.callId == null) {
      throw invalid({ leadId: ['A note needs a leadId, a callId or both.'] });
    }
  },
});
