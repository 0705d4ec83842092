import { RawSocket } from '../support/raw-socket';

/** What a document is asked for with. */
export interface Request {
  query: string;
  variables?: unknown;
}

/** What an attack is answered with. */
export interface Answer {
  /** Of HTTP; a socket has none. */
  status?: number;
  data?: unknown;
  errors?: { message: string; extensions: { code: string } }[];
}

/** Somebody with a key of an account, who sends what no client would. */
export class Attacker {
  constructor(
    private readonly server: { port: number },
    private readonly key: string,
  ) {}

  /** Sends a body as it is and answers what comes back. */
  async post(body: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${this.server.port}/graphql`, {
      ...{ method: 'POST', body },
      headers: { 'content-type': 'application/json', 'x-api-key': this.key, ...headers },
    });
    return { status: response.status, ...((await response.json()) as object) };
  }

  /** Sends an operation over a socket of its own and answers its first result, or its errors. */
  async overSocket(request: string): Promise<Answer> {
    const socket = await RawSocket.signedIn(this.server.port, this.key);
    socket.send(`{"type":"subscribe","id":"1","payload":${request}}`);
    const { type, payload } = await socket.take();
    await socket.close();
    return type === 'error' ? { errors: payload as Answer['errors'] } : (payload as Answer);
  }
}

export const messagesOf = ({ errors = [] }: Answer) => errors.map(({ message }) => message);
