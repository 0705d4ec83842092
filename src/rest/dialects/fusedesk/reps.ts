import { z } from 'zod';
import { type AgentRecord, agentRecords } from '../../../domain/agent/agent-record';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { fieldMap } from '../../field-map';
import { timeOrNull, timeOutput, wireTime } from './codecs';
import { permitting } from './permissions';
import { ok } from './replies';

/** A rep in the words of version 2. */
export const rep = fieldMap<AgentRecord>()({
  userId: { about: 'Identifier.', key: 'number', output: z.int() },
  repid: { about: 'The same.', key: 'number', output: z.int() },
  username: { about: 'Name to sign in with.', key: 'username', output: z.string().nullable() },
  firstName: { about: 'First name.', key: 'firstName', output: z.string() },
  lastName: { about: 'Last name.', key: 'lastName', output: z.string() },
  emailAddress: { about: 'E-mail address.', key: 'email', output: z.string().nullable() },
  active: { about: 'Whether the rep works here at present.', key: 'isActive', output: z.boolean() },
  isArchived: {
    about: 'Always false: reps that are deleted are missing.',
    format: () => false,
    output: z.boolean(),
  },
  defaultDepartmentId: {
    about: 'The department that the rep works for by default.',
    format: ({ defaultTeam }) => defaultTeam?.number,
    output: z.int().nullable(),
  },
  timeZone: { about: 'Time zone (IANA).', key: 'timeZone', output: z.string() },
  avatarUrl: { about: 'Address of a picture.', key: 'avatarUrl', output: z.string().nullable() },
  dateCreated: {
    about: 'When the rep was made.',
    format: ({ createdAt }) => wireTime(createdAt),
    output: timeOutput,
  },
  dateUpdated: {
    about: 'When the rep was last changed.',
    format: ({ updatedAt }) => wireTime(updatedAt),
    output: timeOutput,
  },
  dateLastLogin: {
    about: 'When the rep signed in last.',
    format: ({ lastSignInAt }) => timeOrNull(lastSignInAt),
    output: timeOutput.nullable(),
  },
});

const repV1 = fieldMap<AgentRecord>()({
  userid: { about: 'Identifier.', key: 'number', output: z.int() },
  firstname: { about: 'First name.', key: 'firstName', output: z.string() },
  lastname: { about: 'Last name.', key: 'lastName', output: z.string() },
  active: { about: 'Whether the rep works here at present.', key: 'isActive', output: z.boolean() },
});

const listRoute = (
  operation: string,
  path: string,
  words: Pick<typeof rep | typeof repV1, 'output' | 'format'>,
) =>
  route({
    operation,
    method: 'GET',
    path,
    summary: 'List reps, the disabled ones too',
    answer: z.array(words.output()),
    run: (ctx) => agentRecords.list(ctx),
    reply: (agents) => ok(agents.map((agent) => words.format(agent))),
  });

/** Reps, who are agents, in both versions. */
export const repRoutes: Route[] = [
  listRoute('v2-reps-list', '/api/v2/reps', rep),
  route({
    operation: 'v2-reps-get',
    method: 'GET',
    path: '/api/v2/reps/{userId}',
    summary: 'Get a rep',
    params: z.object({ userId: pathNumber.describe('The rep.') }),
    answer: rep.output(),
    run: (ctx, { params: { userId } }) => agentRecords.get(ctx, userId),
    reply: (agent) => ok(rep.format(agent)),
  }),
  listRoute('v1-reps-list', '/api/v1/reps', repV1),
].map((one) => permitting('reps', one));
