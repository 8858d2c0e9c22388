import { isIPv4 } from 'node:net';

/** Whether a host name is this machine: `localhost`, a name below it, 127.0.0.0/8, or ::1 with or without brackets. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  return name === '::1' || name === '[::1]' || (isIPv4(name) && name.startsWith('127.'));
}
