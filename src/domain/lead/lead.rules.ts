/** The SQL condition that a lead is owned by the agent or assigned to it. */
export function isOwnLead(agent: string, lead = '"lead"'): string {
  return `(${lead}."owner_id" = ${agent} or ${lead}."assignee_id" = ${agent})`;
}

/** The SQL condition that the lead of a row of the table is owned by the agent or assigned to it. */
export function hasOwnLead(table: string, agent: string): string {
  return `exists (select from "lead" own where own."account_id" = "${table}"."account_id"
    and own."id" = "${table}"."lead_id" and ${isOwnLead(agent, 'own')})`;
}

/** First and last name as one text. */
export function joinName({ firstName, lastName }: { firstName: string; lastName: string }): string {
  return lastName === '' ? firstName : `${firstName} ${lastName}`;
}

/** One text as first and last name: split at the first space, so that joining gives the same text back. */
export function splitName(name: string): { firstName: string; lastName: string } {
  const at = name.indexOf(' ');
  return at < 0
    ? { firstName: name, lastName: '' }
    : { firstName: name.slice(0, at), lastName: name.slice(at + 1) };
}

/** The fields after a patch: its keys replace or add, a null removes. */
export function mergeFields(
  fields: Record<string, unknown>,
  patch: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...fields, ...patch }).filter(([, value]) => value !== null));
}
