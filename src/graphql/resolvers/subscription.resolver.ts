import { GraphQLID, GraphQLString } from 'graphql';
import { callDirection, callStatus } from '../../domain/call/call.entity';
import { Campaign } from '../../domain/campaign/campaign.entity';
import { nounOf } from '../../domain/entity';
import type { EntityClass } from '../../domain/field';
import { ImportJob } from '../../domain/import-job/import-job.entity';
import { capitalize, snakeCase } from '../../domain/text';
import type { ChangeFilters } from '../../domain/webhook/webhook.rules';
import { changeEventType, nounEventType } from '../change-event';
import { makeInput } from '../made-type';
import { rootField } from '../root-field';

/** A subscription field: the entries of the change log that it shows. */
export interface SubscriptionField {
  name: string;
  /** The noun of its events; undefined for the whole log. */
  entity: EntityClass | undefined;
  /** Names of the entries; undefined is all. */
  events: readonly string[] | undefined;
  about: string;
  /** It shows the events of one record, which is named. */
  isOfOne?: boolean;
}

/** `secret_rotated` of a webhook is told by `webhookSecretRotated`. */
function nounField(entity: EntityClass, verb: string, what: string): SubscriptionField {
  const { name, label } = nounOf(entity);
  return {
    name: `${name}${verb.split('_').map(capitalize).join('')}`,
    entity,
    events: [`${snakeCase(name)}.${verb}`],
    about: `${label}: one ${what}.`,
  };
}

/** Of one record, from its start to its end. */
const PROGRESS: SubscriptionField[] = [
  {
    ...{ name: 'campaignProgress', entity: Campaign, isOfOne: true },
    events: ['campaign.progressed', 'campaign.updated', 'campaign.sent'],
    about: 'Campaign: how one goes out, at most once a second, and its end; ask for its metrics.',
  },
  {
    ...{ name: 'importProgress', entity: ImportJob, isOfOne: true },
    events: ['import_job.progressed', 'import_job.updated'],
    about: 'Import: how far one has come, at most once a second, and its start and end.',
  },
];

const ALL: SubscriptionField = {
  ...{ name: 'changes', entity: undefined, events: undefined },
  about: 'Everything in the change log.',
};

/** A subscription for every event of every noun, for how far something has come, and for the whole log. */
export function subscriptionFields(entities: readonly EntityClass[]): SubscriptionField[] {
  const ofNouns = entities.flatMap((entity) =>
    Object.entries(nounOf(entity).verbs).map(([verb, what]) => nounField(entity, verb, what)),
  );
  return [...ofNouns, ...PROGRESS, ALL];
}

const changeFilter = makeInput(
  'ChangeFilter',
  'Which events are wanted, by the conditions that webhooks know. All that is given must hold.',
  {
    callDirection: { type: () => callDirection.graphql, about: 'Direction of the call.', nullable: true },
    callStatus: { type: () => callStatus.graphql, about: 'Status of the call.', nullable: true },
    leadStatus: { type: () => GraphQLString, about: 'Result of the call or the lead.', nullable: true },
    teamId: { type: () => GraphQLID, about: 'The team of the record.', nullable: true },
    phoneNumberId: { type: () => GraphQLID, about: 'The account’s number that was used.', nullable: true },
    outboundTeamId: {
      type: () => GraphQLID,
      about: 'Of calls: an outbound one of this team; beside inboundPhoneNumberId, one of the two.',
      nullable: true,
    },
    inboundPhoneNumberId: {
      type: () => GraphQLID,
      about: 'Of calls: an inbound one to this number; beside outboundTeamId, one of the two.',
      nullable: true,
    },
    field: {
      type: () => GraphQLString,
      about: 'A field that the event has set; `note` when a lead has a new note.',
      nullable: true,
    },
    value: {
      type: () => GraphQLString,
      about: 'What the field was set to; of a list, what was added to it.',
      nullable: true,
    },
  },
);

const SINCE = {
  type: () => GraphQLString,
  about: 'First what follows this cursor in the log, then what comes; only what comes when not given.',
  nullable: true,
};
const FILTER = {
  type: () => changeFilter,
  about: 'Which of the events; all when not given.',
  nullable: true,
};
const ID = { type: () => GraphQLID, about: 'Its identifier.' };
const NAMES = { type: () => [GraphQLString], about: 'Only these, such as lead.created.', nullable: true };

/** What a subscription takes. */
export interface SubscriptionArguments {
  since?: string | null;
  filter?: ChangeFilters | null;
  names?: string[] | null;
  id?: string;
}

/** What puts the subscriptions into the schema. */
export function subscriptionResolvers(fields: readonly SubscriptionField[]) {
  return fields.map(({ name, about, entity, isOfOne }) => {
    const payload = entity ? nounEventType(entity) : changeEventType;
    const args = {
      ...(isOfOne && { id: ID }),
      ...{ since: SINCE, filter: FILTER },
      ...(entity ? {} : { names: NAMES }),
    };
    return rootField<SubscriptionArguments>({
      ...{ kind: 'subscription', name, about, type: () => payload },
      args: args as never,
    });
  });
}
