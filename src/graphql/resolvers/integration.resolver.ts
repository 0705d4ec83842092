import { ConnectIntegration } from '../../domain/integration/connect-integration';
import {
  Integration,
  type IntegrationProvider,
  integrationProvider,
} from '../../domain/integration/integration.entity';
import { integrations } from '../../domain/integration/integration.service';
import { operationInput } from '../input';
import { rootField } from '../root-field';
import { inputArgument } from './crud.resolver';

const connectInput = operationInput(
  'ConnectIntegrationInput',
  'Integration: a provider and what it is signed in to with.',
  ConnectIntegration,
);

/** Connecting providers, and letting them go. */
export const integrationResolvers = [
  rootField<{ input: object }>({
    kind: 'mutation',
    name: 'connectIntegration',
    type: () => Integration,
    about:
      'Integration: connects a provider, in place of an earlier connection, once it has accepted the credentials; these are kept encrypted and never shown. Events that are not over get the meetings they still lack.',
    args: { input: inputArgument(connectInput, 'What is connected.') },
    resolve: (ctx, { input }) => integrations.connect(ctx, input),
  }),
  rootField<{ provider: IntegrationProvider }>({
    kind: 'mutation',
    name: 'disconnectIntegration',
    type: () => Integration,
    about:
      'Integration: forgets a provider and its credentials. Meetings and entries that it has made stay there.',
    args: { provider: { type: () => integrationProvider.graphql, about: 'What is disconnected.' } },
    resolve: (ctx, { provider }) => integrations.disconnect(ctx, provider),
  }),
];
