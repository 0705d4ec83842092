import { createHash } from 'node:crypto';
import type { CallResult } from './call.entity';

/** A number from 0 up to 1 that only the parts decide. */
export function chanceOf(...parts: (string | number)[]): number {
  return createHash('sha256').update(parts.join(' ')).digest().readUInt32BE(0) / 2 ** 32;
}

const between = (chance: number, min: number, max: number) => min + Math.floor(chance * (max - min + 1));

/** How the agents of a turn take a call. */
export interface Answer {
  /** Place among those who are rung; undefined when nobody answers. */
  agentIndex: number | undefined;
  /** Until somebody answers, or all give up. */
  seconds: number;
}

const ANSWERED = 0.8;
const GIVE_UP_SECONDS = 20;

/** What a seed makes of a ringing turn of so many agents. */
export function answerOf(seed: string, agents: number): Answer {
  if (chanceOf(seed, 'answered') >= ANSWERED) return { agentIndex: undefined, seconds: GIVE_UP_SECONDS };
  return {
    agentIndex: Math.floor(chanceOf(seed, 'agent') * agents),
    seconds: between(chanceOf(seed, 'pick up'), 2, 15),
  };
}

/** How a call goes that an agent has taken. */
export interface Talk {
  result: CallResult;
  seconds: number;
  transcript: string;
}

const TALKS: readonly { upTo: number; result: CallResult; seconds: [number, number]; transcript: string }[] =
  [
    {
      ...{ upTo: 0.55, result: 'contacted', seconds: [45, 300] },
      transcript: 'Agent: Hello, you asked us to call.\nLead: Yes, thank you for calling back.',
    },
    { upTo: 0.75, result: 'voicemail', seconds: [20, 40], transcript: 'Agent: Please call us back.' },
    { upTo: 0.97, result: 'missed', seconds: [15, 30], transcript: '' },
    { upTo: 1, result: 'removed', seconds: [10, 25], transcript: 'Lead: Please do not call me again.' },
  ];

/** What a seed makes of a call that an agent has taken. */
export function talkOf(seed: string): Talk {
  const chance = chanceOf(seed, 'result');
  const talk = TALKS.find(({ upTo }) => chance < upTo) as (typeof TALKS)[number];
  const [min, max] = talk.seconds;
  const { result, transcript } = talk;
  return { result, transcript, seconds: between(chanceOf(seed, 'talk'), min, max) };
}
