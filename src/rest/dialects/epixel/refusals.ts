import { invalid } from '../../../domain/error';
import type { Dialect } from '../../dialect';
import { errors } from './errors';

/** The answer to a record that is not there, as the failure of the field that names it. */
export function notFoundAs(field: string, text: string): Pick<Dialect['errors'], 'NOT_FOUND'> {
  return { NOT_FOUND: () => errors.INVALID(invalid({ [field]: [text] })) };
}
