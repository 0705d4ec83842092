import fc from 'fast-check';
import { z } from 'zod';
import { fieldMap } from '../../src/rest/field-map';

interface Row {
  id: string;
  firstName: string;
  note: string | null;
  isStopped: boolean;
  secret: string;
}

const person = fieldMap<Row>()({
  id: { about: 'Identifier.', key: 'id', output: z.string() },
  first_name: {
    about: 'Name.',
    key: 'firstName',
    parse: z.string().min(1),
    isRequired: true,
    output: z.string(),
  },
  remark: { about: 'Remark.', key: 'note', parse: z.string().nullable(), output: z.string().nullable() },
  stopped: {
    about: 'Whether it is stopped.',
    key: 'isStopped',
    parse: z.enum(['yes', 'no']).transform((word) => word === 'yes'),
    format: ({ isStopped }) => (isStopped ? 'yes' : 'no'),
    output: z.enum(['yes', 'no']),
  },
  password: { about: 'Password.', key: 'secret', parse: z.string() },
});

const rows = fc.record({
  id: fc.uuid(),
  firstName: fc.string({ minLength: 1 }),
  note: fc.option(fc.string()),
  isStopped: fc.boolean(),
  secret: fc.string(),
});

test('what is answered comes back in as the same values, without what callers may not set', () => {
  fc.assert(
    fc.property(rows, (row) => {
      const wire = person.format(row);
      expect(person.output().parse(wire)).toEqual(wire);
      expect(wire).not.toHaveProperty('password');
      const { firstName, note, isStopped } = row;
      expect(person.creation('wrong').parse(wire)).toEqual({ firstName, note, isStopped });
    }),
  );
});

test('a change takes any of the fields, and those that it must have', () => {
  expect(person.change('wrong').parse({})).toEqual({});
  expect(person.change('wrong').parse({ remark: null, unknown: 1 })).toEqual({ note: null });
  expect(person.change('wrong', ['remark']).safeParse({}).success).toBe(false);
});

test('a creation needs the required fields', () => {
  expect(person.creation('wrong').parse({ first_name: 'Jo', password: 'x' })).toEqual({
    firstName: 'Jo',
    secret: 'x',
  });
  const refused = person.creation('wrong').safeParse({ stopped: 'perhaps' });
  expect(refused.error?.issues.map(({ path }) => path)).toEqual([['first_name'], ['stopped']]);
});

test.each([null, undefined, 'text', 7, []])('%p is no object', (value) => {
  expect(person.creation('It must be an object.').safeParse(value).error?.issues[0]).toMatchObject({
    path: [],
    message: 'It must be an object.',
  });
});

test('the names on the wire are known by the fields of the domain', () => {
  expect(Object.fromEntries(person.wireNames)).toEqual({
    ...{ id: 'id', firstName: 'first_name', note: 'remark', isStopped: 'stopped', secret: 'password' },
  });
});
