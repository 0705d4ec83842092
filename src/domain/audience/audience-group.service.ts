import { type Crud, crud } from '../crud';
import { AudienceGroup } from './audience-group.entity';

/** Groups of audiences; deleting one takes its contacts out of it, and they stay in the audience. */
export const audienceGroups: Crud<AudienceGroup> = crud(AudienceGroup);
