import { createRequire } from 'node:module';

const DEFAULT_QUERY = `# Put an API key into the Headers tab below, then press the play button.
query NewestLeads {
  leads(first: 10) {
    totalCount
    nodes {
      name
      phone
      dialStatus
      tags { name }
      owner { firstName isAvailable }
      notes(first: 3) { body author { firstName } }
    }
  }
}
`;

const HEADERS = JSON.stringify({ authorization: 'Bearer YOUR_API_KEY' }, null, 2);

// The page keeps to itself: it loads nothing from elsewhere and talks to this server only.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Page {
  html: string;
  headers: Record<string, string>;
}

let page: Page | undefined;

/** GraphiQL as one page that loads nothing from elsewhere; read (9 MB) when it is first asked for. */
export function graphiqlPage(): Page {
  if (!page) {
    const { renderGraphiQL } = createRequire(__filename)(
      '@graphql-yoga/render-graphiql',
    ) as typeof import('@graphql-yoga/render-graphiql');
    const html = renderGraphiQL({
      title: 'Switchboard GraphiQL',
      defaultQuery: DEFAULT_QUERY,
      ...{ headers: HEADERS, defaultHeaders: HEADERS },
      subscriptionsProtocol: 'WS',
    });
    page = {
      html,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'cache-control': 'no-cache',
      },
    };
  }
  return page;
}
