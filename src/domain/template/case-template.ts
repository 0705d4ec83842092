import type { Agent } from '../agent/agent.entity';
import { contactValues } from '../campaign/campaign-template';
import type { Contact } from '../contact/contact.entity';
import type { SupportCase } from '../support-case/support-case.entity';
import type { Team } from '../team/team.entity';
import { makeEngine, type Rendered } from '../template';
import { lengthOf } from '../text';
import { TEMPLATE_BODY_MAX } from './template.entity';

/** Most characters that a template makes. */
const FILLED_MAX = 200_000;

// Without loops it is the size that bounds the time.
const engine = makeEngine({
  ...{ parseLimit: TEMPLATE_BODY_MAX, renderLimit: Number.MAX_SAFE_INTEGER, memoryLimit: 4 * FILLED_MAX },
});

/** What the placeholders of a template stand for. */
export interface CaseTemplateParts {
  supportCase: SupportCase;
  agent: Agent | undefined;
  team: Team | undefined;
  contact: Contact | undefined;
  /** What was written beside the template. */
  body?: string | undefined;
  feedbackUrl?: string | undefined;
}

function valuesOf({ supportCase, agent, team, contact, body, feedbackUrl }: CaseTemplateParts): object {
  const { caseNumber, summary, details, status, openedBy } = supportCase;
  return {
    case: { number: caseNumber, summary, details, status, opened_by: openedBy },
    contact: contact ? contactValues(contact) : {},
    agent: agent
      ? {
          ...{ first_name: agent.firstName, last_name: agent.lastName, email: agent.email ?? '' },
          ...{ name: `${agent.firstName} ${agent.lastName}`.trim(), phone: agent.phone ?? '' },
        }
      : {},
    team: team ? { name: team.name, phone: team.phone ?? '' } : {},
    ...{ body: body ?? '', feedback_url: feedbackUrl ?? '' },
  };
}

function fill(source: string, values: object): Rendered {
  try {
    const text: string = engine.parseAndRenderSync(source, values);
    const length = lengthOf(text);
    return length > FILLED_MAX
      ? { problem: `makes ${length} characters, more than ${FILLED_MAX}` }
      : { text };
  } catch (error) {
    return { problem: `cannot be filled in: ${(error as Error).message}` };
  }
}

/** A template of the help desk, filled in for a case. */
export function fillCaseTemplate(source: string, parts: CaseTemplateParts): Rendered {
  return fill(source, valuesOf(parts));
}

const NOBODY = { case: {}, contact: { custom_fields: {} }, agent: {}, team: {}, body: '', feedback_url: '' };

/** What is wrong with a template whatever it is filled in for, or undefined. */
export function fillProblem(source: string): string | undefined {
  const filled = fill(source, NOBODY);
  return 'problem' in filled ? filled.problem : undefined;
}
