import { calendarEvents } from '../../src/domain/calendar-event/calendar-event.service';
import { TestClock } from '../support/account';
import { openCalendarBench, urlsOf } from '../support/calendar-bench';
import { endChildren } from '../support/child';
import { startGateway } from '../support/gateway';
import { postGraphql } from '../support/graphql-client';

afterAll(endChildren);

const CREATE = `mutation M($input: CreateCalendarEventInput!) { createCalendarEvent(input: $input) { id } }`;

test.each(['zoom', 'google_meet'] as const)(
  'a gateway that is killed while %s makes a meeting: a worker finds that one, and makes no second',
  async (conferencing) => {
    const bench = await openCalendarBench({ clock: new TestClock(new Date()) });
    await bench.connectZoom();
    await bench.connectGoogle();
    const gateway = await startGateway(urlsOf(bench.zoom, bench.google));
    const standIn = conferencing === 'zoom' ? bench.zoom : bench.google;
    const hold = standIn.hold(/^POST \/(v2\/users|calendar)/);
    const input = {
      ...{ title: 'Demo', startsAt: '2100-01-01T10:00:00Z', endsAt: '2100-01-01T11:00:00Z' },
      conferencing: conferencing.toUpperCase(),
    };
    const asked = postGraphql(gateway, bench.account.key, CREATE, { input }).then(
      () => 'answered',
      () => 'broken',
    );
    await hold.arrived;
    await gateway.kill();
    hold.release();
    expect(await asked).toBe('broken');
    // The gateway went by the clock of the machine, and may have started long after the bench.
    bench.clock.at = new Date(Date.now() + 120_000);
    await bench.work();
    const { rows } = await calendarEvents.page(bench.ctx, {});
    expect(rows).toMatchObject([{ title: 'Demo', conferenceWarning: null }]);
    const urls = [
      ...[...bench.zoom.meetings.values()].map(({ join_url }) => join_url),
      ...bench.google.items.flatMap(({ hangoutLink }) => hangoutLink ?? []),
    ];
    expect(urls).toEqual([rows[0]?.conferenceUrl]);
    expect(bench.google.meetCount + bench.zoom.meetings.size).toBe(1);
    expect(bench.errors).toEqual([]);
  },
);
