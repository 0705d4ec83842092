import { calls } from '../../../src/domain/call/call.service';
import { withoutChange } from '../../support/account-state';
import { type CallBench, openCallBench, RETRIES } from '../../support/calling';

let bench: CallBench;

beforeEach(async () => {
  bench = await openCallBench();
});

describe('is refused and changes nothing:', () => {
  test.each([
    [
      'a way back',
      ['in_progress'],
      { status: 'ringing' },
      'A call that is in_progress cannot become ringing: it can become missed, completed, busy, error.',
    ],
    [
      'a second end',
      ['completed'],
      { status: 'missed' },
      'A call that is completed cannot become missed: it is over.',
    ],
    [
      'a call that is over rings again',
      ['missed'],
      { status: 'ringing' },
      'A call that is missed cannot become ringing: it is over.',
    ],
    [
      'a call off while it rings',
      [],
      { status: 'cancelled' },
      'A call that is ringing cannot become cancelled: it can become in_progress, offline, missed, completed, ignored, busy, error.',
    ],
    [
      'an unknown status',
      [],
      { status: 'done' },
      'Status must be one of scheduled, ringing, in_progress, offline, missed, completed, ignored, busy, error, cancelled.',
    ],
    [
      'less than no seconds',
      [],
      { status: 'completed', seconds: -1 },
      'Seconds must be from 0 to 2147483647.',
    ],
    [
      'no address',
      [],
      { recordingUrl: 'file:///etc/passwd' },
      'Recording url must be an http or https address.',
    ],
    ['what is not reported', [], { leadId: 'x' }, 'Lead id cannot be set.'],
  ])('%s', async (_, before, progress, message) => {
    const { team } = await bench.openTeam(RETRIES);
    const { id } = await bench.start(team);
    for (const status of before) await bench.report(id, { status });
    await withoutChange(bench.account, async () => {
      await expect(bench.report(id, progress)).rejects.toMatchObject({ code: 'INVALID', message });
      if ('status' in progress && progress.status !== 'done' && !('seconds' in progress))
        await expect(calls.update(bench.ctx, id, progress)).rejects.toMatchObject({
          code: 'INVALID',
          message,
        });
    });
  });

  test('an agent who is unknown', async () => {
    const { team } = await bench.openTeam();
    const { id } = await bench.start(team);
    const agentId = '0190a000-0000-7000-8000-000000000000';
    await withoutChange(bench.account, () =>
      expect(bench.report(id, { status: 'in_progress', agentId })).rejects.toMatchObject({
        ...{ code: 'NOT_FOUND', fields: { agentId: ['Agent not found'] } },
      }),
    );
  });

  test('deleting a call that is being made', async () => {
    const { ctx, account } = bench;
    const { team } = await bench.openTeam();
    const { id } = await bench.start(team);
    await withoutChange(account, () =>
      expect(calls.delete(ctx, id)).rejects.toMatchObject({
        message: 'A call that is ringing cannot be deleted: end it first.',
      }),
    );
  });
});
