import { GraphQLString } from 'graphql';
import { Agent } from '../../domain/agent/agent.entity';
import { agents } from '../../domain/agent/agent.service';
import { AgentSession } from '../../domain/agent/agent-session.entity';
import { agentSessions, Credentials } from '../../domain/agent/agent-session.service';
import { instantScalar } from '../../domain/instant.scalar';
import { operationInput } from '../input';
import { makeObject } from '../made-type';
import { rootField } from '../root-field';
import { ID_ARGUMENT, inputArgument } from './crud.resolver';

const loginInput = operationInput('LoginInput', 'Agent: what one signs in with.', Credentials);

const tokens = makeObject('SessionTokens', 'What an agent gets at login and at each refresh.', {
  accessToken: {
    type: () => GraphQLString,
    about: 'Goes with each request as `Authorization: Bearer`, for 15 minutes.',
  },
  refreshToken: { type: () => GraphQLString, about: 'Gets new tokens, once, for 7 days.' },
  expiresAt: { type: () => instantScalar, about: 'When the access token expires.' },
  agent: { type: () => Agent, about: 'Who has signed in.' },
});

/** Passwords of agents, and signing in with them. */
export const agentSessionResolvers = [
  rootField<{ id: string; password: string }>({
    kind: 'mutation',
    name: 'setAgentPassword',
    type: () => Agent,
    about: 'Agent: gives one the password to sign in with; sessions that go on are ended.',
    args: {
      id: ID_ARGUMENT,
      password: { type: () => GraphQLString, about: 'The password, 8 to 200 characters.' },
    },
    resolve: (ctx, { id, password }) => agents.setPassword(ctx, id, password),
  }),
  rootField<{ input: object }>({
    kind: 'mutation',
    name: 'login',
    type: () => tokens,
    about:
      'Agent: signs one in, under a key of the account with the scope sessions:create. The error UNAUTHENTICATED when username or password is wrong, RATE_LIMITED after 10 tries in 5 minutes.',
    args: { input: inputArgument(loginInput, 'Username and password.') },
    resolve: (ctx, { input }) => agentSessions.login(ctx, input),
  }),
  rootField<{ refreshToken: string }>({
    kind: 'mutation',
    name: 'refreshSession',
    type: () => tokens,
    about:
      'Agent: new tokens for a refresh token, under any key of the account or a token that is still good. A refresh token that comes a second time ends the session.',
    args: { refreshToken: { type: () => GraphQLString, about: 'The latest refresh token.' } },
    resolve: (ctx, { refreshToken }) => agentSessions.refresh(ctx, refreshToken),
  }),
  rootField({
    kind: 'mutation',
    name: 'logout',
    type: () => AgentSession,
    about: 'Agent: ends the session of the request; its tokens are refused within a second.',
    resolve: (ctx) => agentSessions.logout(ctx),
  }),
];
