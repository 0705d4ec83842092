import { type Crud, crud } from '../crud';
import { Submission } from './submission.entity';

const { get, page } = crud(Submission);

/** What people sent through form pages; only the public door makes them: see `submit`. */
export const submissions: Pick<Crud<Submission>, 'get' | 'page'> = { get, page };
