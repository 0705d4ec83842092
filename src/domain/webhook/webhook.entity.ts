import { KeptEntity, NounEntity, ROW_VERBS } from '../entity';
import {
  BooleanField,
  InstantField,
  JsonField,
  ReferenceField,
  TextField,
  TextListField,
  UrlField,
} from '../field';
import { BelongsTo, HasMany } from '../relation';
import { Team } from '../team/team.entity';
import type { ChangeFilters } from './webhook.rules';
import { WebhookDelivery } from './webhook-delivery.entity';

@NounEntity('An address that events are sent to.', {
  name: 'webhook',
  plural: 'webhooks',
  label: 'Webhook',
  verbs: {
    ...ROW_VERBS,
    ...{ secret_rotated: 'got another secret', disabled: 'was disabled because it no longer worked' },
    ...{ tested: 'was sent a test', replayed: 'was sent events again' },
  },
})
export class Webhook extends KeptEntity {
  @TextField('What it is for.', { required: true, min: 1, max: 100 })
  name!: string;

  @UrlField('The http or https address that events are sent to by POST.', {
    required: true,
    max: 2000,
    filterable: false,
  })
  url!: string;

  @TextListField('Names of the events that are sent: `lead.created`, all of a noun as `lead.*`, or `*`.', {
    required: true,
    max: 100,
  })
  events!: string[];

  @JsonField(
    'Only events that all of these hold for: `callDirection`, `callStatus`, `leadStatus` (the result), `teamId`, `phoneNumberId`, `outboundTeamId` and `inboundPhoneNumberId` (of calls: out by the team or in to the number, one of those given), `field` (one that was changed) and `value` (what it was changed to).',
  )
  filters!: ChangeFilters;

  @TextField('Form of what is sent; `standard` is Standard Webhooks.', { min: 1, max: 50 })
  format!: string;

  @TextField(
    'What deliveries are signed with; generated when not given. `whsec_` and the base64 of 24 to 64 bytes; for formats that sign with the text as it is, 16 to 100 characters of ASCII without spaces.',
    { inputOnly: true, write: 'create', filterable: false, max: 100 },
  )
  secret?: string;

  @ReferenceField(
    () => Team,
    'The team whose callback address it is; such a webhook follows the team, and only isActive can be changed.',
    { nullable: true, write: 'never' },
  )
  teamId!: string | null;

  @BooleanField('Whether events are sent to it. True starts one anew that was disabled.')
  isActive!: boolean;

  @InstantField('When it was disabled because it did not answer.', { nullable: true, write: 'never' })
  disabledAt!: string | null;

  @TextField('Why it was disabled.', { nullable: true, write: 'never', filterable: false })
  disabledReason!: string | null;

  @InstantField('Since when every attempt has failed.', { nullable: true, write: 'never' })
  failingSince!: string | null;

  @TextField('Key that the ed25519 signatures (`v1a`) are verified with.', {
    write: 'never',
    filterable: false,
  })
  publicKey!: string;

  @TextField('Its signing keys, encrypted.', { write: 'never', hidden: true, filterable: false })
  signingKeys!: string;

  @InstantField('Until when the secret before the last rotation still signs too.', {
    nullable: true,
    write: 'never',
  })
  previousSecretUntil!: string | null;

  @BelongsTo(() => Team, 'teamId', 'The team whose callback address it is.', { nullable: true })
  team?: Team | null;

  @HasMany(() => WebhookDelivery, 'webhookId', 'What was sent to it, newest first.')
  deliveries?: WebhookDelivery[];
}
