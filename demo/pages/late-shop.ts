/** A merchant's script that comes too late: the vendor's frame has spoken, and nobody kept its word. */
addEventListener('ledgerbee:embed:pageLoaded', () => void import('./shop.js'), { once: true });
