import type { FormField, FormFieldTarget } from '../form-page/form-field';
import { splitName } from '../lead/lead.rules';
import type { FormValues } from './form-values.rules';

type Values = Record<string, unknown>;

/** The fields of a contact and of a lead that each target is; without one it is none there. */
const TARGETS: Record<Exclude<FormFieldTarget, 'custom' | 'name'>, { contact?: string; lead?: string }> = {
  first_name: { contact: 'firstName', lead: 'firstName' },
  last_name: { contact: 'lastName', lead: 'lastName' },
  email: { contact: 'email', lead: 'email' },
  phone: { contact: 'phone', lead: 'phone' },
  company: { contact: 'company', lead: 'company' },
  website: { contact: 'website' },
  street: { contact: 'street1' },
  city: { contact: 'city', lead: 'location' },
  state: { contact: 'state' },
  postal_code: { contact: 'postalCode' },
  country: { contact: 'country' },
  category: { lead: 'category' },
  message: { lead: 'message' },
};

function inputOf(fields: readonly FormField[], values: FormValues, noun: 'contact' | 'lead'): Values {
  const input: Values = {};
  const customFields: Values = {};
  for (const { name, mapsTo } of fields) {
    const value = values[name];
    if (!mapsTo || value === undefined) continue;
    if (mapsTo === 'custom') customFields[name] = value;
    else if (mapsTo === 'name') Object.assign(input, splitName(String(value)));
    else {
      const key = TARGETS[mapsTo][noun];
      if (key) input[key] = String(value);
    }
  }
  return Object.keys(customFields).length > 0 ? { ...input, customFields } : input;
}

/** The values of a contact that a form was filled in with; only what was given. */
export function contactInputOf(fields: readonly FormField[], values: FormValues): Values {
  return inputOf(fields, values, 'contact');
}

/** The values of a lead that a form was filled in with; only what was given. */
export function leadInputOf(fields: readonly FormField[], values: FormValues): Values {
  return inputOf(fields, values, 'lead');
}
