// Processes of the bench: what they use, and how contenders are started and ended.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

// Clock ticks of /proc: 100 a second on every Linux that Node.js runs on.
const TICKS_PER_SECOND = 100;
const START_WITHIN_MS = 60_000;

/** The fields of /proc/PID/stat behind the name, which may hold spaces itself. */
function statOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** CPU seconds that a process has used, all its threads together. */
export function cpuSeconds(pid) {
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** CPU seconds of a process and of all its children, those that have ended included. */
export function cpuSecondsOfFamily(pid) {
  const fields = statOf(pid);
  let ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
  for (const other of readdirSync('/proc')) {
    if (!/^\d+$/.test(other)) continue;
    try {
      const child = statOf(other);
      if (Number(child[1]) === pid) ticks += Number(child[11]) + Number(child[12]);
    } catch {
      // It has ended meanwhile, and counts among its parent's.
    }
  }
  return ticks / TICKS_PER_SECOND;
}

function memoryLine(pid, name) {
  const [, kilobytes] = new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(kilobytes) * 1024;
}

/** The most memory that a process has held, in bytes. */
export const peakMemory = (pid) => memoryLine(pid, 'VmHWM');

/** The memory that a process holds now, in bytes. */
export const residentMemory = (pid) => memoryLine(pid, 'VmRSS');

/** Starts a contender and waits until it says where it listens. */
export async function startContender(file, env, options = {}) {
  const child = fork(new URL(`../contenders/${file}`, import.meta.url), {
    ...options,
    execArgv: [...(options.execArgv ?? []), '--import', new URL('follow.mjs', import.meta.url).href],
    // The memory setting is that of our `npm start`, and helps every contender.
    env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '--max-semi-space-size=96', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), START_WITHIN_MS);
  const started = await Promise.race([
    once(child, 'message').then(([message]) => message),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with ${code}.`))),
  ]);
  clearTimeout(timer);
  const stop = async () => {
    if (child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const last = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await exited;
    clearTimeout(last);
  };
  return { ...started, pid: child.pid, child, stop };
}
