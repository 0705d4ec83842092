import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The right to run what lies in one data directory; the kernel takes it back when the process dies, however it dies. */
export interface InstanceLock {
  /** Tells every guest, present and future, the port to use; null sends future guests away when the lock is released. */
  announce(port: number | null): void;
  /** Resolves when no guest is connected any more. */
  guestsLeft(): Promise<void>;
  release(): Promise<void>;
}

/** A place at the table of the process that holds the lock. */
export interface InstanceGuest {
  port: number;
  leave(): void;
}

/** Takes the lock of `dataDir` (which must exist), or answers null when another process has it. */
export async function takeInstanceLock(dataDir: string): Promise<InstanceLock | null> {
  const address = lockAddress(dataDir);
  const server = createServer();
  if (!(await listen(server, address)) && !(await replaceDeadSocketFile(server, address))) return null;
  server.unref();
  return hostGuests(server);
}

/** Waits until the lock's holder announces its port; null when nobody holds the lock or the holder went away. */
export async function joinInstance(dataDir: string): Promise<InstanceGuest | null> {
  const socket = connect(lockAddress(dataDir));
  socket.on('error', () => socket.destroy());
  const announcement = await new Promise<string | null>((resolve) => {
    socket.once('data', (data) => resolve(data.toString()));
    socket.once('close', () => resolve(null));
  });
  if (announcement === null) return null;
  socket.unref();
  return { port: Number(announcement), leave: () => socket.destroy() };
}

function hostGuests(server: Server): InstanceLock {
  const guests = new Set<Socket>();
  let announcedPort: number | null = null;
  server.on('connection', (guest) => {
    guests.add(guest);
    guest.on('error', () => guest.destroy());
    guest.on('close', () => {
      guests.delete(guest);
      server.emit('guest-left');
    });
    guest.resume().unref();
    if (announcedPort !== null) guest.write(String(announcedPort));
  });
  return {
    announce(port) {
      announcedPort = port;
      if (port !== null) for (const guest of guests) guest.write(String(port));
    },
    async guestsLeft() {
      while (guests.size > 0) {
        for (const guest of guests) guest.ref();
        await new Promise((resolve) => server.once('guest-left', resolve));
      }
    },
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const guest of guests) guest.destroy();
      }),
  };
}

// An abstract socket on Linux and a named pipe on Windows vanish with their process; elsewhere it is a file.
function lockAddress(dataDir: string): string {
  const hash = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 24);
  const name = `switchboard-${hash}`;
  // Node versions differ in whether they pad a short abstract name to the 108 bytes of the address: none is short.
  if (process.platform === 'linux') return `\0${name.padEnd(107, '-')}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return join(tmpdir(), `${name}.sock`);
}

function listen(server: Server, address: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error);
    server.once('error', onError);
    server.listen(address, () => {
      server.off('error', onError);
      resolve(true);
    });
  });
}

// A socket file outlives a killed process: when nobody answers on it, it is removed and taken over.
async function replaceDeadSocketFile(server: Server, address: string): Promise<boolean> {
  if (process.platform === 'linux' || process.platform === 'win32') return false;
  const isAnswered = await new Promise<boolean>((resolve) => {
    const probe = connect(address, () => resolve(true));
    probe.on('error', () => resolve(false));
    probe.on('connect', () => probe.destroy());
  });
  if (isAnswered) return false;
  await rm(address, { force: true });
  return listen(server, address);
}
