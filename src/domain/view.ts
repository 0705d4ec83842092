import { nounOf } from './entity';
import { DomainError } from './error';
import type { Parameters } from './filter';
import type { Table } from './table';

/** Whose rows are seen: all of an account, or of them only those that concern one of its agents. */
export interface View {
  accountId: string;
  agentId?: string | undefined;
}

/** The condition that a row is live and in the view; nouns say by `agentSees` what concerns an agent. */
export function viewSql(table: Table, { accountId, agentId }: View, parameters: Parameters): string {
  const { agentSees } = nounOf(table.entity);
  const account = parameters.add(accountId);
  const conditions = [`"account_id" = ${account}`, table.isLive];
  if (agentSees && agentId !== undefined) conditions.push(agentSees(parameters.add(agentId), account));
  return conditions.join(' and ');
}

/** FORBIDDEN for a record of the account that an agent wants to write, or to refer to, and does not see. */
export function notOwn(label: string, field?: string): DomainError {
  const message = `This ${label.toLowerCase()} is another agent’s.`;
  return new DomainError('FORBIDDEN', message, field === undefined ? {} : { fields: { [field]: [message] } });
}
