import { isOwnCall } from '../call/call.rules';
import { hasOwnLead } from '../lead/lead.rules';

/** The SQL condition that the agent wrote a note, or that it is about a lead or a call of the agent's. */
export function isOwnNote(agent: string): string {
  return `("note"."author_id" = ${agent} or ${hasOwnLead('note', agent)}
    or exists (select from "call" where "call"."account_id" = "note"."account_id"
      and "call"."id" = "note"."call_id" and ${isOwnCall(agent)}))`;
}
