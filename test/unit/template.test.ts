import fc from 'fast-check';
import { renderTemplate, templateProblem } from '../../src/domain/template';
import { leastMs, msOf } from '../support/quick';

const LEAD = {
  ...{ first_name: 'Ann', last_name: 'Lee', name: 'Ann Lee', company: 'Acme', category: '', email: '' },
  ...{ phone_number: '+12025550143', source: 'Web' },
};
const FROM = { company: 'Smith Pools', phone_number: '+12025550100', name: 'Main' };
const render = (template: string, lead: Record<string, string> = LEAD, max = 1600) =>
  renderTemplate(template, { lead, from: FROM }, max);

test.each([
  ['Press 1 for {first_name} {last_name} from {company} {category}.', 'Press 1 for Ann Lee from Acme .'],
  ['{ first_name }, {name}: {phone_number}', 'Ann, Ann Lee: +12025550143'],
  ["Hi {{lead.first_name | default: 'there'}}, {{from.company}} here.", 'Hi Ann, Smith Pools here.'],
  ["{{ lead.category | default: 'there' }} {{ lead.nothing | default: 'x' }}{{ nobody.knows }}", 'there x'],
  ['{% if lead.company != "" %}{{ lead.company | upcase }}{% else %}you{% endif %}', 'ACME'],
  ['{% assign x = lead.name | append: "!" %}{{ x | size }} {{ 2 | times: 3 }}', '8 6'],
  ['{unknown} { } {}{% raw %}{{ x }}{% endraw %}', '{unknown} { } {}{{ x }}'],
  ['100 % off, 5 > 4', '100 % off, 5 > 4'],
])('%s', (template, text) => expect(render(template)).toEqual({ text }));

test('what a lead is called is never read as a template', () => {
  fc.assert(
    fc.property(fc.string(), (first_name) => {
      expect(render('{first_name}', { first_name })).toEqual({ text: first_name });
      expect(render('{{ lead.first_name }}', { first_name })).toEqual({ text: first_name });
    }),
  );
  for (const first_name of ['{{ from.company }}', '{company}', '{% if %}', '{{ 7 | times: 7 }}'])
    expect(render('{first_name}', { first_name, company: 'no' })).toEqual({ text: first_name });
});

test.each([
  ['{{ lead.first_name', 'is no template: output "{{ lead.first_name" not closed, line:1, col:1'],
  ['{% if %}', 'is no template: '],
  ['{{ lead.name | shout }}', 'is no template: undefined filter: shout, line:1, col:1'],
  ['{% include "/etc/passwd" %}', 'is no template: tag "include" not found, line:1, col:1'],
  ['{% render "package.json" %}', 'is no template: tag "render" not found, line:1, col:1'],
  ['{% layout "x" %}', 'is no template: tag "layout" not found, line:1, col:1'],
  ['{% for i in (1..9) %}x{% endfor %}', 'is no template: tag "for" not found, line:1, col:1'],
  ['{% capture x %}{% endcapture %}', 'is no template: tag "capture" not found, line:1, col:1'],
  ['{% liquid\nfor i in (1..9)\nendfor\n%}', 'is no template: tag "liquid" not found, line:1, col:1'],
  ["{{ 'now' | date: '%9999999d' }}", 'is no template: memory alloc limit exceeded, line:1, col:1'],
])('%s is refused', (template, problem) => {
  expect(templateProblem(template)?.startsWith(problem)).toBe(true);
  expect(render(template)).toEqual({ problem: templateProblem(template) });
});

test('a text is at most as long as it may be, in characters', () => {
  expect(render('{{ lead.name }}', LEAD, 7)).toEqual({ text: 'Ann Lee' });
  expect(render('{{ lead.name }}', LEAD, 6)).toEqual({ problem: 'makes 7 characters, more than 6' });
  expect(render('😀😀', LEAD, 2)).toEqual({ text: '😀😀' });
});

test('a template is at most 8,000 characters long', () => {
  expect(templateProblem('x'.repeat(8000))).toBeUndefined();
  expect(templateProblem('x'.repeat(8001))).toMatch(/^is no template: parse length limit exceeded/);
});

test('a template that piles up memory is stopped at once', async () => {
  const double = '{% assign s = s | append: s %}';
  const problem = () => templateProblem(`{% assign s = "0123456789" %}${double.repeat(200)}`);
  expect(problem()).toMatch('memory alloc limit');
  expect(await leastMs(1000, () => msOf(problem))).toBeLessThan(1000);
});

test('prototypes and functions are out of reach', () => {
  const reach = '{{ lead.constructor }}{{ lead.__proto__ }}{{ lead.toString }}{{ constructor.constructor }}';
  expect(render(reach)).toEqual({ text: '' });
});

test('whatever is written, rendering ends with a text or a problem', () => {
  const part = fc.constantFrom(
    ...'{ } {{ }} {% %} | : first_name if endif assign x = lead. "'.split(' '),
    ' ',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const [key] = Object.keys(render(parts.join('')));
      expect(['text', 'problem']).toContain(key);
    }),
  );
});
