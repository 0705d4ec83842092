import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { freePort } from './free-port';

/** A mail as the server took it. */
export interface TakenMail {
  from: string;
  to: string[];
  raw: string;
}

/** What the server does with a mail, besides taking it. */
export interface Manners {
  /** SMTP code with which an address is refused. */
  refuseSender?: (address: string) => number | undefined;
  refuseRecipient?: (address: string) => number | undefined;
  /** SMTP code with which the whole message is refused, after it came. */
  refuseMessage?: (recipient: string) => number | undefined;
  /** Ends the connection: at the first bytes of the message, when all of it is there, or after having kept it. */
  die?: (recipient: string) => 'in data' | 'after data' | 'after keeping' | undefined;
  /** Settles when the mail may be answered. */
  hold?: () => Promise<void>;
  user?: { name: string; password: string };
}

function refusal(code: number): Error {
  return Object.assign(new Error(`Refused with ${code}`), { responseCode: code });
}

const checkOf = (refuse: (address: string) => number | undefined = () => undefined) => {
  return ({ address }: { address: string }, _: SMTPServerSession, done: (error?: Error) => void) => {
    const code = refuse(address);
    done(code === undefined ? undefined : refusal(code));
  };
};

/** A mail server on loopback. */
export class MailServer {
  readonly taken: TakenMail[] = [];
  private readonly socketByPort = new Map<number, Socket>();
  private onMail = () => {};

  private constructor(
    private readonly manners: Manners,
    private server: SMTPServer,
    readonly port: number,
  ) {}

  /** Starts one, on a port that stays free when it is stopped. */
  static async start(manners: Manners = {}, port?: number): Promise<MailServer> {
    let self: MailServer;
    const server = new SMTPServer({
      ...{
        disabledCommands: ['STARTTLS'],
        authOptional: !manners.user,
        allowInsecureAuth: true,
        logger: false,
      },
      closeTimeout: 1,
      onAuth: ({ username, password }, _, done) => {
        const { user } = manners;
        const isRight = user && username === user.name && password === user.password;
        if (isRight) done(null, { user: username });
        else done(refusal(535));
      },
      onMailFrom: checkOf(manners.refuseSender),
      onRcptTo: checkOf(manners.refuseRecipient),
      onData: (stream, session, done) => void self.take(stream, session).then(() => done(null), done),
    });
    const own = port ?? (await freePort());
    const listening = server.listen(own, '127.0.0.1');
    await once(listening, 'listening');
    self = new MailServer(manners, server, own);
    listening.on('connection', (socket: Socket) => {
      const port = socket.remotePort ?? 0;
      self.socketByPort.set(port, socket);
      socket.once('close', () => self.socketByPort.delete(port));
    });
    // Connections that break are what some tests are about.
    server.on('error', () => {});
    return self;
  }

  get url(): string {
    const { user } = this.manners;
    return `smtp://${user ? `${user.name}:${user.password}@` : ''}127.0.0.1:${this.port}`;
  }

  /** Every address that got a mail, once for each. */
  get addresses(): string[] {
    return this.taken.flatMap(({ to }) => to);
  }

  /** How many connections are open. */
  get connectionCount(): number {
    return this.socketByPort.size;
  }

  /** Settles when so many mails are there. */
  async has(count: number): Promise<void> {
    while (this.taken.length < count) {
      await new Promise<void>((resolve) => {
        this.onMail = resolve;
      });
    }
  }

  /** The mail at the place, read. */
  read(at = -1): Promise<ParsedMail> {
    return simpleParser(this.taken.at(at)?.raw ?? '');
  }

  async stop(): Promise<void> {
    for (const socket of this.socketByPort.values()) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(resolve));
  }

  private async take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const to = session.envelope.rcptTo.map(({ address }) => address);
    const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
    const [first = ''] = to;
    const death = this.manners.die?.(first);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) {
      chunks.push(chunk);
      if (death === 'in data') return this.cut(session);
    }
    if (death === 'after data') return this.cut(session);
    const code = this.manners.refuseMessage?.(first);
    if (code !== undefined) throw refusal(code);
    this.taken.push({ from, to, raw: Buffer.concat(chunks).toString() });
    this.onMail();
    if (death === 'after keeping') return this.cut(session);
    await this.manners.hold?.();
  }

  private cut({ remotePort }: SMTPServerSession): Promise<void> {
    this.socketByPort.get(remotePort)?.destroy();
    return new Promise(() => {});
  }
}
