import { type Crud, crud } from '../crud';
import { PhoneNumber } from './phone-number.entity';

/** The account's phone numbers. */
export const phoneNumbers: Crud<PhoneNumber> = crud(PhoneNumber);
