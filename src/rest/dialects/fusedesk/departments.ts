import { z } from 'zod';
import { notFound } from '../../../domain/error';
import { supportTeams } from '../../../domain/team/support-team.service';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { NO_OBJECT, someOf } from './codecs';
import { department, departmentV1, inputOf } from './department.fields';
import { permitting } from './permissions';
import { ok } from './replies';

const WHICH = { active: '', all: '/all', archived: '/archived' } as const;

interface Version {
  /** `v1` or `v2`. */
  name: string;
  words: Pick<
    typeof department | typeof departmentV1,
    'creation' | 'change' | 'output' | 'format' | 'wireNames'
  >;
}

const VERSIONS: Version[] = [
  { name: 'v2', words: department },
  { name: 'v1', words: departmentV1 },
];

function readRoutes({ name, words }: Version): Route[] {
  const path = `/api/${name}/departments`;
  const lists = Object.entries(WHICH).map(([which, tail]) =>
    route({
      operation: `${name}-departments-list-${which}`,
      method: 'GET',
      path: path + tail,
      summary: `List ${which} departments`,
      answer: z.array(words.output()),
      run: (ctx) => supportTeams.list(ctx, which as keyof typeof WHICH),
      reply: (teams) => ok(teams.map((team) => words.format(team))),
    }),
  );
  const get = route({
    operation: `${name}-departments-get`,
    method: 'GET',
    path: `${path}/{departmentId}`,
    summary: 'Get a department',
    params: z.object({ departmentId: pathNumber.describe('The department.') }),
    answer: words.output(),
    run: (ctx, { params: { departmentId } }) => supportTeams.get(ctx, departmentId),
    reply: (team) => ok(words.format(team)),
  });
  return [...lists, get];
}

function writeRoutes({ name, words }: Version): Route[] {
  const path = `/api/${name}/departments`;
  return [
    route({
      operation: `${name}-departments-create`,
      method: 'POST',
      path,
      summary: 'Create a department',
      body: words.creation(NO_OBJECT),
      ...{ answer: words.output(), wireNames: words.wireNames },
      run: (ctx, { body }) => supportTeams.create(ctx, inputOf(body)),
      reply: (team) => ok(words.format(team)),
    }),
    route({
      operation: `${name}-departments-update`,
      method: 'POST',
      path: `${path}/{departmentId}`,
      summary: 'Change a department; what is not given stays',
      params: z.object({ departmentId: pathNumber.describe('The department.') }),
      body: words.change(NO_OBJECT),
      ...{ answer: words.output(), wireNames: words.wireNames },
      run: async (ctx, { params: { departmentId }, body }) => {
        // `/all` and `/archived` name no department.
        if (departmentId < 0) throw notFound('Department');
        return supportTeams.update(ctx, departmentId, inputOf(someOf(body)));
      },
      reply: (team) => ok(words.format(team)),
    }),
  ];
}

const shelf = (operation: string, method: 'POST' | 'DELETE', tail: string, isArchived: boolean) =>
  route({
    operation,
    method,
    path: `/api/v2/departments/{departmentId}${tail}`,
    summary: isArchived ? 'Put a department away' : 'Take a department out again',
    params: z.object({ departmentId: pathNumber.describe('The department.') }),
    answer: department.output(),
    run: (ctx, { params: { departmentId } }) => supportTeams.setArchived(ctx, departmentId, isArchived),
    reply: (team) => ok(department.format(team)),
  });

/** Departments, which are teams, in both versions. */
export const departmentRoutes: Route[] = [
  ...VERSIONS.flatMap(readRoutes).map((one) => permitting('departments', one)),
  ...[
    ...VERSIONS.flatMap(writeRoutes),
    shelf('v2-departments-archive', 'DELETE', '', true),
    shelf('v2-departments-restore', 'POST', '/restore', false),
  ].map((one) => permitting('departments_update', one)),
];
