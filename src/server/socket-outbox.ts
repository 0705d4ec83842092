import type { WebSocket } from 'ws';
import type { ResultSink } from '../graphql/subscriptions/subscription-group';

/** What a reader is told that takes events more slowly than they come. */
const TOO_SLOW = { code: 4413, reason: 'Too slow: continue with since' } as const;

/** What one socket has to send, in bounds: who does not read is not heard, and gets no events. */
export class Outbox {
  constructor(
    private readonly socket: WebSocket,
    /** Bytes that may wait for the reader. */
    private readonly limitBytes: number,
  ) {
    // Requests whose answers nobody reads would fill the memory.
    socket.on('message', () => {
      if (socket.bufferedAmount > limitBytes) socket.pause();
    });
  }

  /** Sends a message; settles when it has left, or when the socket is over. */
  send(text: string): Promise<void> {
    return new Promise((resolve) => {
      if (this.socket.readyState !== this.socket.OPEN) return resolve();
      this.socket.send(text, () => {
        this.release();
        resolve();
      });
    });
  }

  /**
   * The way of a subscription's results. The message is put together from texts, since equal subscriptions have
   * the same result: to make JSON of 4 KB for each socket again takes as long as to send it.
   */
  sinkOf(id: string): ResultSink {
    const { socket } = this;
    const start = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    return (result, onSent) => {
      if (socket.readyState !== socket.OPEN) return false;
      if (!onSent && socket.bufferedAmount > this.limitBytes) {
        socket.close(TOO_SLOW.code, TOO_SLOW.reason);
        return false;
      }
      socket.send(`${start}${result}}`, () => {
        this.release();
        onSent?.();
      });
      return true;
    };
  }

  private release(): void {
    if (this.socket.isPaused && this.socket.bufferedAmount <= this.limitBytes) this.socket.resume();
  }
}
