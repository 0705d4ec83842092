import { GraphQLBoolean } from 'graphql';
import { Account } from '../../domain/account/account.entity';
import { accounts } from '../../domain/account/account.service';
import { createInputOf, updateInputOf } from '../input';
import { rootField } from '../root-field';
import { ID_ARGUMENT, inputArgument } from './crud.resolver';

/** The account of the request, and an agency’s client accounts. */
export const accountResolvers = [
  rootField({
    kind: 'query',
    name: 'account',
    type: () => Account,
    about: 'The account that the request acts for.',
    resolve: (ctx) => accounts.current(ctx),
  }),
  rootField({
    kind: 'query',
    name: 'clientAccounts',
    type: () => [Account],
    about: 'The client accounts of an agency, oldest first.',
    resolve: (ctx) => accounts.clients(ctx),
  }),
  rootField<{ input: object }>({
    kind: 'mutation',
    name: 'updateAccount',
    type: () => Account,
    about: 'Account: changes the one that the request acts for.',
    args: { input: inputArgument(updateInputOf(Account), 'The values that change; others stay.') },
    resolve: (ctx, { input }) => accounts.update(ctx, input),
  }),
  rootField<{ input: object }>({
    kind: 'mutation',
    name: 'createClientAccount',
    type: () => Account,
    about: 'Account: opens a client account of the agency.',
    args: { input: inputArgument(createInputOf(Account)) },
    resolve: (ctx, { input }) => accounts.createClient(ctx, input),
  }),
  rootField<{ id: string; isActive: boolean }>({
    kind: 'mutation',
    name: 'setClientAccountActive',
    type: () => Account,
    about: 'Account: switches a client account of the agency on or off; off, its keys do not work.',
    args: { id: ID_ARGUMENT, isActive: { type: () => GraphQLBoolean, about: 'Whether its keys work.' } },
    resolve: (ctx, { id, isActive }) => accounts.setClientActive(ctx, id, isActive),
  }),
  rootField<{ id: string }>({
    kind: 'mutation',
    name: 'deleteClientAccount',
    type: () => Account,
    about: 'Account: deletes a client account of the agency for good, and answers it as it was.',
    args: { id: ID_ARGUMENT },
    resolve: (ctx, { id }) => accounts.deleteClient(ctx, id),
  }),
];
