import type { Example } from '../../dialect';
import { eventExamples } from './event.examples';

const PATH = '/api/leads/external/v1/leads';
const JOHN = {
  id: 'f1c2d3e4-5b6a-7c8d-9e0f-1a2b3c4d5e6f',
  name: 'John Doe',
  phone: '+12345678900',
  campaign_name: 'Default Feed',
  status: 'pending',
};

/** The vendor's documented requests in an order in which they build on one another. */
export const examples: Example[] = [
  {
    title: 'Create a lead',
    operation: 'leads-create',
    request: {
      path: PATH,
      body: {
        name: 'John Doe',
        phone: '+1 234 567 8900',
        email: 'john@example.com',
        company: 'Acme Corp',
        tags: ['vip', 'website-lead'],
      },
    },
    response: {
      status: 201,
      body: {
        success: true,
        data: { mode: 'atomic', inserted: 1, leads: [{ ...JOHN, created_at: '2026-06-17T12:00:00.000Z' }] },
      },
    },
  },
  {
    title: 'Create leads in batch',
    operation: 'leads-create-batch',
    request: {
      path: PATH,
      body: {
        kind: 'call',
        leads: [
          { name: 'Lead 1', phone: '+1234567890' },
          { name: 'Lead 2', phone: '+1234567891' },
        ],
      },
    },
    response: {
      status: 201,
      body: {
        success: true,
        data: {
          mode: 'atomic',
          inserted: 2,
          leads: [
            {
              id: '0b5f9a52-6c1e-7d3a-8b2f-5e4d3c2b1a01',
              name: 'Lead 1',
              phone: '+1234567890',
              status: 'pending',
            },
            {
              id: '0b5f9a52-6c1e-7d3a-8b2f-5e4d3c2b1a02',
              name: 'Lead 2',
              phone: '+1234567891',
              status: 'pending',
            },
          ],
        },
      },
    },
  },
  {
    title: 'Lookup lead by phone',
    operation: 'leads-lookup',
    request: { path: `${PATH}?phone=${encodeURIComponent('+1 (234) 567-8900')}` },
    response: {
      status: 200,
      body: {
        success: true,
        data: { ...JOHN, email: 'john@example.com', created_at: '2026-06-16T12:00:00.000Z' },
      },
    },
  },
  {
    title: 'Get a lead by ID',
    operation: 'leads-get',
    request: { path: `${PATH}/{id of John Doe}` },
    response: { status: 200, body: { success: true, data: { ...JOHN, email: 'john@example.com' } } },
  },
  {
    title: 'Update a lead',
    operation: 'leads-update',
    request: {
      path: PATH,
      body: {
        phone: '2345678900',
        name: 'John Doe Updated',
        email: 'john.new@example.com',
        company: 'New Corp',
        tags: ['vip', 'updated'],
      },
    },
    response: {
      status: 200,
      body: {
        success: true,
        data: {
          id: JOHN.id,
          name: 'John Doe Updated',
          phone: '+12345678900',
          status: 'pending',
          updated_at: '2026-06-17T12:05:00.000Z',
        },
      },
    },
  },
  {
    title: 'Capture a form submission (PHP)',
    operation: 'leads-create',
    request: {
      path: PATH,
      body: { name: 'Jane Roe', phone: '2345678901', email: 'jane@example.com', tags: ['website-form'] },
    },
    response: { status: 201, body: { success: true, data: { mode: 'atomic', inserted: 1 } } },
  },
  {
    title: 'Send a contact of GoHighLevel',
    operation: 'leads-create',
    request: {
      path: PATH,
      body: { name: 'Max Poe', phone: '+1 234-567-8902', email: 'max@example.com', tags: ['gohighlevel'] },
    },
    response: { status: 201, body: { success: true, data: { mode: 'atomic', inserted: 1 } } },
  },
  {
    title: 'List leads (paginated)',
    operation: 'leads-list',
    request: { path: `${PATH}?status=pending&page=1&pageSize=50` },
    response: {
      status: 200,
      body: {
        success: true,
        data: { campaign_name: 'Default Feed', page: 1, total: 5 },
      },
    },
  },
  {
    title: 'A lead that is there already',
    operation: 'leads-create',
    request: { path: PATH, body: { name: 'Jane Roe', phone: '+1 (234) 567-8901' } },
    response: { status: 409, body: { success: false, error: 'Duplicate lead' } },
  },
  ...eventExamples,
];
