import { Call } from '../../domain/call/call.entity';
import { calls } from '../../domain/call/call.service';
import { CallProgress, StartCall } from '../../domain/call/call-input';
import { operationInput } from '../input';
import { rootField } from '../root-field';
import { ID_ARGUMENT, inputArgument } from './crud.resolver';

const startInput = operationInput('StartCallInput', 'Call: whom a team is to call, and when.', StartCall);
const progressInput = operationInput('ProgressCallInput', 'Call: what is reported of it.', CallProgress);

/** What moves a call through its life. */
export const callResolvers = [
  rootField<{ input: object }>({
    kind: 'mutation',
    name: 'startCall',
    type: () => Call,
    about:
      'Call: a team calls a lead. It rings at the agents who can be rung, is OFFLINE when there are none, or waits for its time. A call that is being made for the lead is answered as it is; one that waits gives way.',
    args: { input: inputArgument(startInput, 'Whom to call, and when.') },
    resolve: (ctx, { input }) => calls.start(ctx, input),
  }),
  rootField<{ id: string; input: object }>({
    kind: 'mutation',
    name: 'progressCall',
    type: () => Call,
    about:
      'Call: reports how it goes on. The lead, the retries of the team and its text follow from it; the error INVALID for a status that it cannot go to.',
    args: { id: ID_ARGUMENT, input: inputArgument(progressInput, 'What is reported.') },
    resolve: (ctx, { id, input }) => calls.progress(ctx, id, input),
  }),
  rootField<{ id: string }>({
    kind: 'mutation',
    name: 'ringNextAgents',
    type: () => Call,
    about:
      'Call: nobody of this turn answers, the next agents are rung; over as MISSED when all had their turn.',
    args: { id: ID_ARGUMENT },
    resolve: (ctx, { id }) => calls.ringNext(ctx, id),
  }),
];
