import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `work` while no other process runs one for the same folder; the kernel frees the right of one that dies. */
export async function alone(folder, work) {
  const address = addressOf(folder);
  const server = createServer((waiting) => waiting.destroy());
  while (!(await isMine(server, address))) await holderGone(address);
  try {
    work();
  } finally {
    server.close();
  }
}

// An abstract socket on Linux and a named pipe on Windows vanish with their process; elsewhere it is a file.
function addressOf(folder) {
  const name = `switchboard-build-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}`;
  if (process.platform === 'linux') return `\0${name.padEnd(107, '-')}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

function isMine(server, address) {
  return new Promise((resolve, reject) => {
    server.removeAllListeners('error').once('error', (error) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(address, () => resolve(true));
  });
}

// `work` keeps its process busy, so a caller stays in the queue until the holder closes or dies.
async function holderGone(address) {
  const queue = connect(address);
  queue.on('error', (error) => {
    if (error.code === 'ECONNREFUSED' && !address.startsWith('\0')) rmSync(address, { force: true });
  });
  await new Promise((resolve) => queue.once('close', resolve));
}
