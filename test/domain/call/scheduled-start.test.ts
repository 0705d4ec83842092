import { leads } from '../../../src/domain/lead/lead.service';
import { NOW } from '../../support/account';
import { eventsOf } from '../../support/account-state';
import { type CallBench, freshPhone, openCallBench } from '../../support/calling';

let bench: CallBench;

beforeEach(async () => {
  bench = await openCallBench();
});

describe('a time', () => {
  test('in the future schedules the call, one that is past starts it', async () => {
    const { team } = await bench.openTeam();
    const call = await bench.start(team, { phone: freshPhone(), scheduledAt: '2026-03-02T13:00:00+02:00' });
    expect(call).toMatchObject({
      ...{ status: 'scheduled', scheduledAt: '2026-03-02T11:00:00.000Z', scheduleReason: 'requested' },
      ...{ startedAt: null, attempts: 0, dialAt: null },
    });
    expect(await bench.lead(call.leadId)).toMatchObject({
      ...{ dialStatus: 'pending', scheduledCallAt: '2026-03-02T11:00:00.000Z', callAttempts: 0 },
    });
    expect(await bench.start(team, { phone: freshPhone(), scheduledAt: NOW })).toMatchObject({
      status: 'ringing',
    });
  });

  test('asked for again is the same call; another time takes its place', async () => {
    const { team } = await bench.openTeam();
    const phone = freshPhone();
    const at = (scheduledAt: string) => bench.start(team, { phone, scheduledAt });
    const first = await at('2026-03-02T11:00:00.000Z');
    expect((await at('2026-03-02T11:00:00.000Z')).id).toBe(first.id);
    const second = await at('2026-03-02T12:00:00.000Z');
    const statuses = (await bench.callsOf(first.leadId)).map(({ id, status }) => [id, status]);
    expect(statuses).toEqual([
      [first.id, 'cancelled'],
      [second.id, 'scheduled'],
    ]);
    expect((await bench.lead(first.leadId)).scheduledCallAt).toBe('2026-03-02T12:00:00.000Z');
    const now = await bench.start(team, { phone });
    expect(now.status).toBe('ringing');
    expect((await bench.callsOf(first.leadId)).map(({ status }) => status)).toEqual([
      'cancelled',
      'cancelled',
      'ringing',
    ]);
    expect((await bench.lead(first.leadId)).scheduledCallAt).toBeNull();
    const completed = (await eventsOf(bench.account, 'call')).filter(({ name }) => name === 'call.completed');
    expect(completed).toEqual([]);
  });

  test('of another team at the same moment is another call, and the lead still knows when', async () => {
    const [{ team }, other] = [await bench.openTeam(), await bench.openTeam()];
    const input = { phone: freshPhone(), scheduledAt: '2026-03-02T11:00:00.000Z' };
    const first = await bench.start(team, input);
    const second = await bench.start(other.team, input);
    expect((await bench.callsOf(first.leadId)).map(({ id, status }) => [id, status])).toEqual([
      [first.id, 'cancelled'],
      [second.id, 'scheduled'],
    ]);
    expect((await bench.lead(first.leadId)).scheduledCallAt).toBe(input.scheduledAt);
  });

  test('is the delay of the team for a new lead, and now for one who is known', async () => {
    const { ctx } = bench;
    const { team } = await bench.openTeam({ delaySeconds: 90 });
    const phone = freshPhone();
    const call = await bench.start(team, { phone });
    expect(call).toMatchObject({
      status: 'scheduled',
      scheduledAt: '2026-03-02T10:01:30.000Z',
      scheduleReason: 'delay',
    });
    expect((await bench.start(team, { phone })).id).toBe(call.id);
    const known = await leads.create(ctx, { phone: freshPhone() });
    expect(await bench.start(team, { leadId: known.id })).toMatchObject({ status: 'ringing' });
  });
});
