import fc from 'fast-check';
import { routedUrl } from '../../src/rest/address';

const DIALECTS = [{ name: 'fusion' }];

test.each([
  ['app.example.test', '/api/leads?a=1', '/api/leads?a=1'],
  ['fusion.example.test', '/api/leads?a=1', '/fusion/api/leads?a=1'],
  ['FUSION.Example.Test:4000', '/api/leads', '/fusion/api/leads'],
  ['fusion', '/api/leads', '/fusion/api/leads'],
  ['fusion.example.test', '/fusion/api/leads', '/fusion/api/leads'],
  ['fusion.example.test', '/fusionary', '/fusion/fusionary'],
  ['my.fusion.example.test', '/api/leads', '/api/leads'],
  ['', '/api/leads', '/api/leads'],
  ['app.example.test', '//api/leads//?a=//b', '/api/leads//?a=//b'],
  ['fusion.example.test', '///fusion/api/leads', '/fusion/api/leads'],
  ['app.example.test', '//', '/'],
  ['app.example.test', '/leads/%20?a=%zz', '/leads/%20?a=%zz'],
  ['app.example.test', '/leads/%zz', '/leads/%25zz'],
  ['app.example.test', '/leads/%C3%28', '/leads/%25C3%2528'],
  ['app.example.test', '/a?b?c', '/a?b?c'],
])('%s%s is routed as %s', (host, url, routed) => expect(routedUrl(DIALECTS, host, url)).toBe(routed));

test('every address is routed by a path that can be decoded', () => {
  const path = fc.string({ unit: fc.constantFrom(...'%/abCf0123?') });
  fc.assert(
    fc.property(path, (tail) => {
      const [routed = ''] = routedUrl(DIALECTS, 'fusion.example.test', `/${tail}`).split('?');
      expect(() => decodeURIComponent(routed)).not.toThrow();
    }),
  );
});

test.each([
  ['app.example.test', '/backoffice/v2/leads/list/?a=1', '/fusion/api/v1/leads/list/?a=1'],
  ['app.example.test', '/backoffice/v2', '/backoffice/v2'],
  ['app.example.test', '/backoffice/v20/leads', '/backoffice/v20/leads'],
  ['fusion.example.test', '/backoffice/v2/leads', '/fusion/backoffice/v2/leads'],
])('%s%s is routed as %s where /backoffice/v2 stands for another base', (host, url, routed) => {
  const aliases = { '/backoffice/v2': '/fusion/api/v1' };
  expect(routedUrl(DIALECTS, host, url, aliases)).toBe(routed);
});
