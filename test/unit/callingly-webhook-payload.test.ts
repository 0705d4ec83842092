import fc from 'fast-check';
import type { AccountScope } from '../../src/domain/context-seed';
import { UPDATED_WORDS } from '../../src/rest/dialects/callingly/webhook-fields';
import {
  htmlOf,
  type LeadFile,
  leadPayload,
  updatePayload,
} from '../../src/rest/dialects/callingly/webhook-payload';
import {
  type CallFile,
  callbackPayload,
  callPayload,
} from '../../src/rest/dialects/callingly/webhook-payload-call';

const account = { number: 5, timeZone: 'America/Phoenix' } as AccountScope;
const AT = '2026-01-30T01:04:05.678Z';

const lead = {
  ...{ number: 9, firstName: 'Ann', lastName: '', phone: '+12025550101', email: null, company: null },
  ...{
    category: null,
    source: null,
    sourceId: null,
    crmId: null,
    comments: null,
    status: null,
    result: null,
  },
  ...{ stage: null, owner: null, team: null, isStopped: false, isBlocked: false, scheduledCallAt: null },
  ...{ tags: [], notes: [], customFields: {}, createdAt: AT },
} as unknown as LeadFile;

const call = {
  ...{ number: 3, status: 'in_progress', result: null, direction: 'inbound', seconds: 0, agentRetry: 2 },
  ...{ leadRetry: 1, recordingUrl: null, transcript: null, answeredAt: null, startedAt: AT, endedAt: null },
  ...{ createdAt: AT, lead, team: null, agent: null, phoneNumber: null },
} as unknown as CallFile;

test('updatedValue is an object with name and updated_at, whatever has become of the lead', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...UPDATED_WORDS),
      fc.option(fc.string(), { nil: undefined }),
      (word, name) => {
        const news = { word, ...(name !== undefined && { name }) };
        const { updatedField, updatedValue } = updatePayload(lead, news, AT, account);
        expect(updatedField).toBe(word);
        expect(Object.keys(updatedValue)).toEqual(['name', 'updated_at']);
        expect(updatedValue).toMatchObject({ updated_at: '2026-01-30T01:04:05.678000Z' });
      },
    ),
  );
});

test('flags are told as 0 and 1', () => {
  const told = (word: 'is_stopped' | 'is_blocked', file: LeadFile) =>
    updatePayload(file, { word }, AT, account).updatedValue;
  expect(told('is_stopped', lead)).toMatchObject({ name: 0 });
  expect(told('is_blocked', { ...lead, isBlocked: true })).toMatchObject({ name: 1 });
});

test.each([
  ['a\r\nb\nc\rd', 'a<br />\nb<br />\nc<br />\nd'],
  ['<b>"x" & y</b>', '&lt;b&gt;&quot;x&quot; &amp; y&lt;/b&gt;'],
  ['', ''],
])('%j is %j as HTML', (text, html) => expect(htmlOf(text)).toBe(html));

test('the stage of a lead is a text, also where there is none', () => {
  expect(leadPayload(lead).stage).toBe('');
  expect(leadPayload({ ...lead, stage: 'Won' }).stage).toBe('Won');
});

test('a call is told in the zone of the account, with the number of its attempt, in the vendor’s words', () => {
  expect(callPayload(call, account)).toMatchObject({
    ...{ status: 'in-progress', lead_attempt: 2, agent_attempt: 3, response_time: null },
    ...{ date: 'Jan 29, 2026', time: '18:04:05', datetime: '2026-01-29T18:04:05-07:00' },
  });
});

test('seconds to the response are counted from the lead to the agent, and are never negative', () => {
  const answeredAt = (at: string) => callPayload({ ...call, answeredAt: at }, account).response_time;
  expect(answeredAt('2026-01-30T01:05:06.178Z')).toBe(61);
  expect(answeredAt('2026-01-29T00:00:00.000Z')).toBe(0);
  expect(callPayload({ ...call, answeredAt: AT, lead: null }, account).response_time).toBeNull();
});

test('a call of a lead of whom nothing is kept', () => {
  const alone = { ...call, lead: null };
  expect(callPayload(alone, account)).toMatchObject({ lead: null, stage: null, team_id: null });
  expect(callbackPayload(alone, account)).toMatchObject({ lead: null, stage: null, is_fallback: false });
  expect(callbackPayload(call, account).stage).toBeNull();
});
