import { ObjectType } from 'type-graphql';
import { IntField, TextField } from '../field';

/** An attachment of an e-mail that came in; its contents are not kept. */
@ObjectType('EmailAttachment', {
  description: 'An attachment of an e-mail that came in; its contents are not kept.',
})
export class EmailAttachment {
  @TextField('File name.', { nullable: true })
  name!: string | null;

  @TextField('Type, like image/png.')
  contentType!: string;

  @IntField('Size in bytes.')
  size!: number;
}
