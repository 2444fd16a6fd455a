const LOOPBACK = /^((.*\.)?localhost|\[::1\]|127(\.\d{1,3}){3})$/;

/** `localhost`, every `*.localhost`, 127.0.0.0/8 and `[::1]`: names that never leave the machine. */
export function isLoopbackHost(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}
