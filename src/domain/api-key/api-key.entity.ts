import { NounEntity, ROW_VERBS, TenantEntity } from '../entity';
import { InstantField, TextField, TextListField } from '../field';

@NounEntity('A key that programs sign in with. The key itself is shown once, at creation.', {
  name: 'apiKey',
  plural: 'apiKeys',
  label: 'API key',
  verbs: { ...ROW_VERBS, revoked: 'was revoked' },
})
export class ApiKey extends TenantEntity {
  @TextField('What the key is for.', { required: true, min: 1, max: 100 })
  name!: string;

  @TextField('Start of the key, to recognise it by.', { write: 'never', filterable: false })
  hint!: string;

  @TextField('Keyed hash of the key.', { write: 'never', hidden: true, filterable: false })
  hash!: string;

  @TextListField('What it may do; empty is everything.', { nullable: true, write: 'create', max: 100 })
  scopes!: string[] | null;

  @InstantField('When it stops to work.', { nullable: true })
  expiresAt!: string | null;

  @InstantField('When it was last used, to the minute.', { nullable: true, write: 'never' })
  lastUsedAt!: string | null;

  @InstantField('When it was revoked.', { nullable: true, write: 'never' })
  revokedAt!: string | null;
}
