import type { Context } from '../context';
import type { Team } from '../team/team.entity';
import type { SupportCase } from './support-case.entity';

const MARK_LENGTH = 12;

/** Proves that the address was made here, for this account. */
function markOf(ctx: Context, caseNumber: string): string {
  return ctx.vault.hash(`case address ${ctx.account.id} ${caseNumber}`).slice(0, MARK_LENGTH);
}

/** Where answers to a case go: `help+bcdf1234-0a1b2c3d4e5f@example.com`; null for a team without an address. */
export function replyAddressOf(
  ctx: Context,
  { replyAddress }: Team,
  { caseNumber }: SupportCase,
): string | null {
  if (!replyAddress) return null;
  const at = replyAddress.lastIndexOf('@');
  const tag = `+${caseNumber.toLowerCase()}-${markOf(ctx, caseNumber)}`;
  return `${replyAddress.slice(0, at)}${tag}${replyAddress.slice(at)}`;
}

/** The number of the case that an address was made for; undefined for any other address. */
export function caseNumberOfAddress(ctx: Context, address: string): string | undefined {
  const [, number, mark] = /\+([a-z]{4}\d{4})-([0-9a-f]+)@[^@]+$/i.exec(address) ?? [];
  const caseNumber = number?.toUpperCase();
  return caseNumber && mark?.toLowerCase() === markOf(ctx, caseNumber) ? caseNumber : undefined;
}
