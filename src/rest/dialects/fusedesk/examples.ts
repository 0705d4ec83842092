import type { Example } from '../../dialect';
import { caseExamples } from './examples/cases';
import { contactExamples } from './examples/contacts';
import { otherExamples, sessionExamples } from './examples/others';
import { peopleExamples } from './examples/people';

/** Documented requests in an order in which they build on one another: cases are of departments, reps and contacts. */
export const examples: Example[] = [
  ...sessionExamples,
  ...peopleExamples,
  ...contactExamples,
  ...caseExamples,
  ...otherExamples,
];
