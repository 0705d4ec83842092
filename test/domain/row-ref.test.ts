import { agents } from '../../src/domain/agent/agent.service';
import { calls } from '../../src/domain/call/call.service';
import { feeds } from '../../src/domain/feed/feed.service';
import { leads } from '../../src/domain/lead/lead.service';
import { notes } from '../../src/domain/note/note.service';
import { teams } from '../../src/domain/team/team.service';
import { openTestAccount } from '../support/account';
import { withoutChange } from '../support/account-state';

test('a row is named by its whole number as well as by its id', async () => {
  const { ctx } = await openTestAccount();
  const agent = await agents.create(ctx, { firstName: 'Ann' });
  const team = await teams.create(ctx, { name: 'T' });
  expect(await agents.get(ctx, agent.number)).toEqual(agent);
  expect(await agents.update(ctx, agent.number, { lastName: 'Lee' })).toMatchObject({
    id: agent.id,
    lastName: 'Lee',
  });
  expect(await agents.schedule(ctx, agent.number)).toHaveLength(7);
  expect(await agents.setSchedule(ctx, agent.number, [])).toMatchObject({ schedule: [] });
  const places = await teams.setAgents(ctx, team.number, [agent.number, agent.id]);
  expect(places).toMatchObject([{ teamId: team.id, agentId: agent.id, agent: { firstName: 'Ann' } }]);
  expect(await teams.agents(ctx, team.number)).toEqual(places);
  expect(await teams.updateAgent(ctx, team.number, agent.number, { cap: 5 })).toMatchObject({
    cap: 5,
    priority: 0,
    agent: { id: agent.id },
  });
  const lead = await leads.create(ctx, { phone: '+12025550100', teamId: team.number, ownerId: agent.number });
  expect(lead).toMatchObject({ teamId: team.id, ownerId: agent.id });
  expect(await leads.update(ctx, lead.number, { ownerId: null })).toMatchObject({
    id: lead.id,
    ownerId: null,
  });
  const note = await notes.create(ctx, { body: 'Hi', leadId: lead.number, authorId: agent.id });
  expect(note).toMatchObject({ leadId: lead.id, authorId: agent.id });
  expect(await teams.removeAgent(ctx, team.number, agent.number)).toMatchObject({ agentId: agent.id });
  await expect(teams.removeAgent(ctx, team.number, agent.number)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'Team member not found',
  });
  await leads.delete(ctx, lead.number);
  await expect(leads.get(ctx, lead.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('another account’s number, a deleted row’s, and what is no number at all are missing', async () => {
  const [owner, stranger] = [await openTestAccount(), await openTestAccount()];
  const team = await teams.create(owner.ctx, { name: 'T' });
  const gone = await teams.create(owner.ctx, { name: 'U' });
  await teams.delete(owner.ctx, gone.number);
  const missing = { code: 'NOT_FOUND' };
  await withoutChange(owner, () =>
    withoutChange(stranger, async () => {
      await expect(teams.update(stranger.ctx, team.number, { name: 'V' })).rejects.toMatchObject(missing);
      for (const ref of [gone.number, 0, -1, 1.5, Number.NaN, 2 ** 31, 2 ** 53, String(team.number), '']) {
        await expect(teams.get(owner.ctx, ref)).rejects.toMatchObject(missing);
      }
      const lead = { phone: '+12025550100', teamId: gone.number };
      await expect(leads.create(owner.ctx, lead)).rejects.toMatchObject({
        ...missing,
        fields: { teamId: ['Team not found'] },
      });
      await expect(leads.create(stranger.ctx, { ...lead, teamId: team.number })).rejects.toMatchObject(
        missing,
      );
      await expect(leads.create(owner.ctx, { ...lead, teamId: 1.5 })).rejects.toMatchObject({
        code: 'INVALID',
      });
    }),
  );
});

describe('all leads, batch by batch', () => {
  test('come newest first, each once, with what belongs to them', async () => {
    const { ctx } = await openTestAccount();
    const team = await teams.create(ctx, { name: 'T' });
    const owner = await agents.create(ctx, { firstName: 'Ann' });
    const { id: feedId } = await feeds.create(ctx, { name: 'F' });
    const phones = Array.from({ length: 1001 }, (_, at) => `+1202555${1000 + at}`);
    for (const part of [phones.slice(0, 600), phones.slice(600)])
      await leads.createMany(
        ctx,
        part.map((phone) => ({ phone, feedId })),
        'all_or_nothing',
      );
    const first = await leads.create(ctx, {
      phone: '+12025550100',
      teamId: team.id,
      ownerId: owner.id,
      tagNames: ['b', 'a'],
    });
    const call = await calls.create(ctx, { leadId: first.id });
    const batches = [];
    for await (const batch of leads.stream(ctx)) batches.push(batch);
    expect(batches.map(({ length }) => length)).toEqual([...Array(20).fill(50), 2]);
    const all = batches.flat();
    expect(all.map(({ id }) => id)).toEqual(
      all
        .map(({ id }) => id)
        .toSorted()
        .reverse(),
    );
    expect(new Set(all.map(({ phone }) => phone)).size).toBe(1002);
    expect(all[0]).toMatchObject({
      id: first.id,
      team: { name: 'T' },
      owner: { firstName: 'Ann' },
      tags: [{ name: 'b' }, { name: 'a' }],
      calls: [{ id: call.id }],
    });
    expect(all[1]).toMatchObject({ team: null, owner: null, tags: [], calls: [] });
    expect(await leads.detail(ctx, first.number)).toEqual(all[0]);
    const some = [];
    for await (const batch of leads.stream(ctx, { phone: { eq: '+12025550100' } })) some.push(...batch);
    expect(some).toEqual([all[0]]);
  });
});
