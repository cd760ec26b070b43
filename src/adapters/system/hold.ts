/** The longest interval of the platform, 24.8 days: it fires for nobody. */
const LONGEST_MS = 2_147_483_647;

/** Keeps this process alive until the returned function is called; the clock's own timers never do. */
export function holdProcess(): () => void {
  const timer = setInterval(() => {}, LONGEST_MS);
  return () => clearInterval(timer);
}
