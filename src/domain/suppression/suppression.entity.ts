import { NounEntity, TenantEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import { EnumField, TextField } from '../field';

export const suppressionReason = enumeration('SuppressionReason', 'Why an address must not be written to.', {
  unsubscribed: 'Its owner asked not to be written to.',
  bounced: 'Mail to it came back.',
  complained: 'Its owner complained of mail.',
  manual: 'Somebody of the account put it here.',
});
/** Why an address must not be written to. */
export type SuppressionReason = ValueOf<typeof suppressionReason>;

@NounEntity('An address that must not be written to, whatever audience it is in.', {
  name: 'suppression',
  plural: 'suppressions',
  label: 'Suppression',
})
export class Suppression extends TenantEntity {
  @TextField('E-mail address in lower case, or phone number as E.164; stands once in an account.', {
    ...{ required: true, write: 'create', sortable: true },
  })
  address!: string;

  @EnumField(suppressionReason, 'Why it must not be written to.')
  reason!: SuppressionReason;
}
