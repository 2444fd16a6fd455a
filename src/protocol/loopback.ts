/** As a URL gives its host: numbers are within their bounds there. */
export const LOOPBACK_HOST = /^((.*\.)?localhost|\[::1\]|127(\.\d+){3})$/;

/** `localhost`, every `*.localhost`, 127.0.0.0/8 and `[::1]`: names that never leave the machine. */
export function isLoopbackHost(hostname: string): boolean {
  return LOOPBACK_HOST.test(hostname);
}
