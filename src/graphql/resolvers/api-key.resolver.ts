import { GraphQLString } from 'graphql';
import { ApiKey } from '../../domain/api-key/api-key.entity';
import { DEFAULT_KEY_PREFIX } from '../../domain/api-key/api-key.rules';
import { apiKeys } from '../../domain/api-key/api-key.service';
import { createInputOf } from '../input';
import { makeObject } from '../made-type';
import { rootField } from '../root-field';
import { ID_ARGUMENT, inputArgument } from './crud.resolver';

const issuedKey = makeObject('CreateApiKeyResult', 'A new API key, at the one moment that it can be read.', {
  key: { type: () => GraphQLString, about: 'The key itself; it is never shown again.' },
  apiKey: { type: () => ApiKey, about: 'What is kept of it.' },
});

/** Making and ending API keys. */
export const apiKeyResolvers = [
  rootField<{ input: object; prefix: string }>({
    kind: 'mutation',
    name: 'createApiKey',
    type: () => issuedKey,
    about: 'API key: makes one and shows it, this once.',
    args: {
      input: inputArgument(createInputOf(ApiKey)),
      prefix: {
        type: () => GraphQLString,
        about: 'What the key starts with: 1 to 20 lower-case letters, digits and underscores.',
        defaultValue: DEFAULT_KEY_PREFIX,
      },
    },
    resolve: (ctx, { input, prefix }) => apiKeys.create(ctx, { ...input, prefix }),
  }),
  rootField<{ id: string }>({
    kind: 'mutation',
    name: 'revokeApiKey',
    type: () => ApiKey,
    about: 'API key: ends one for good, within a second.',
    args: { id: ID_ARGUMENT },
    resolve: (ctx, { id }) => apiKeys.revoke(ctx, id),
  }),
];
