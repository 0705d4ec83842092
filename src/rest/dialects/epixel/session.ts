import { z } from 'zod';
import { agentSessions, LOGIN_SCOPE } from '../../../domain/agent/agent-session.service';
import { type Route, route } from '../../dialect';
import { anyFields, secret, words } from './codecs';
import { LOGIN, REFRESH } from './paths';

const token = z.string().describe('A JSON Web Token.');

/** Signing in: the only answers without the vendor's envelope. */
export const sessionRoutes: Route[] = [
  route({
    operation: 'user-login',
    method: 'POST',
    path: LOGIN,
    summary: 'Login',
    isWithoutSession: true,
    body: anyFields(
      z.object({
        username: words().describe('Username of the agent.'),
        password: secret.describe('Password of the agent.'),
      }),
    ),
    answer: z.object({ refresh: token, access: token }),
    run: (ctx, { body }) => agentSessions.login(ctx, body, { isRotating: false }),
    reply: ({ refreshToken: refresh, accessToken: access }) => ({ status: 200, body: { refresh, access } }),
  }),
  route({
    operation: 'user-token-refresh',
    method: 'POST',
    path: REFRESH,
    summary: 'Refresh the access token',
    isWithoutSession: true,
    body: anyFields(z.object({ refresh: words().describe('The refresh token of the login.') })),
    answer: z.object({ access: token }),
    run: async (ctx, { body }) => {
      ctx.require(LOGIN_SCOPE);
      return agentSessions.refresh(ctx, body.refresh as string);
    },
    reply: ({ accessToken: access }) => ({ status: 200, body: { access } }),
  }),
];
