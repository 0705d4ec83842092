import type { Liquid, Template } from 'liquidjs';
import type { Contact } from '../contact/contact.entity';
import { EMAIL_BODY_MAX, EMAIL_SUBJECT_MAX } from '../email/email.entity';
import { SMS_MAX } from '../sms-message/sms-message.entity';
import { makeEngine } from '../template';
import { capitalize, lengthOf } from '../text';
import type { Campaign } from './campaign.entity';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
// Without loops it is the size that bounds the time; a clock would fail a contact because the machine is busy.
const LIMITS = {
  renderLimit: Number.MAX_SAFE_INTEGER,
  parseLimit: EMAIL_BODY_MAX,
  memoryLimit: 4 * EMAIL_BODY_MAX,
};

const plainEngine = makeEngine(LIMITS);
const htmlEngine = makeEngine({
  ...LIMITS,
  outputEscape: (value: unknown) => String(value ?? '').replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign),
});

/** What the placeholders stand for. */
export type CampaignValues = Record<string, unknown> & { unsubscribe_url: string };

/** A message for one contact, or why there is none. */
export type CampaignMessage =
  | { subject: string; text: string | null; html: string | null }
  | { problem: string };

/** The templates of a campaign, read once. */
export interface CompiledCampaign {
  render: (values: CampaignValues) => CampaignMessage;
}

/** The parts of a campaign that are templates, and their engines. */
const PARTS = { subject: plainEngine, text: plainEngine, html: htmlEngine } as const;
type Part = keyof typeof PARTS;
type Templates = Pick<Campaign, Part | 'channel'>;

function limitOf(part: Part, { channel }: Templates): number {
  if (part === 'subject') return EMAIL_SUBJECT_MAX;
  return channel === 'sms' ? SMS_MAX : EMAIL_BODY_MAX;
}

/** The contact as templates see it: its fields in snake case, empty texts for what is not known. */
export function contactValues(contact: Contact): Record<string, unknown> {
  const { firstName, lastName, name, email, phone, company, website, city, state, country } = contact;
  return {
    ...{ first_name: firstName, last_name: lastName, name, email: email ?? '', phone: phone ?? '' },
    ...{ company: company ?? '', website: website ?? '', city: city ?? '', state: state ?? '' },
    ...{ country: country ?? '', crm_id: contact.crmId ?? '', custom_fields: contact.customFields },
  };
}

/** A line of a header: what is filled in cannot begin another. */
const oneLine = (text: string) => text.replace(/[\r\n]+/g, ' ');

function parse(engine: Liquid, source: string): Template[] | { problem: string } {
  try {
    return engine.parse(source);
  } catch (error) {
    return { problem: `is no template: ${(error as Error).message}` };
  }
}

function fill(engine: Liquid, template: Template[], values: CampaignValues, max: number) {
  try {
    const text: string = engine.renderSync(template, values);
    const length = lengthOf(text);
    return length > max ? { problem: `makes ${length} characters, more than ${max}` } : { text };
  } catch (error) {
    return { problem: `cannot be filled in: ${(error as Error).message}` };
  }
}

/** Reads the templates of a campaign; one that cannot be read is a problem of each message. */
export function compileCampaign(campaign: Templates): CompiledCampaign {
  const parsed = Object.entries(PARTS).map(([name, engine]) => {
    const part = name as Part;
    const source = campaign[part];
    return { part, engine, template: source === null ? null : parse(engine, source) };
  });
  return {
    render(values) {
      const message: Record<Part, string | null> = { subject: null, text: null, html: null };
      for (const { part, engine, template } of parsed) {
        if (template === null) continue;
        const filled =
          'problem' in template ? template : fill(engine, template, values, limitOf(part, campaign));
        if ('problem' in filled) return { problem: `${capitalize(part)} ${filled.problem}.` };
        message[part] = filled.text;
      }
      const { subject, ...bodies } = message;
      if (!bodies.text?.trim() && !bodies.html?.trim()) return { problem: 'The message is empty.' };
      return { subject: oneLine(subject ?? ''), ...bodies };
    },
  };
}

const NOBODY = { ...{ custom_fields: {} }, unsubscribe_url: 'https://example.com/u/token' };

/** What is wrong with templates whoever they are filled in for, by field; empty when nothing is. */
export function templateProblems(templates: Partial<Record<Part, string | null>>): Record<string, string[]> {
  const problems: Record<string, string[]> = {};
  for (const [name, engine] of Object.entries(PARTS)) {
    const source = templates[name as Part];
    if (source == null) continue;
    const template = parse(engine, source);
    const filled = 'problem' in template ? template : fill(engine, template, NOBODY, EMAIL_BODY_MAX);
    if ('problem' in filled) problems[name] = [`${capitalize(name)} ${filled.problem}.`];
  }
  return problems;
}
