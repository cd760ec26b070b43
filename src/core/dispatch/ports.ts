/** Ports leased to runs, so that two agents' servers do not meet. */

/** Above the ports people commonly use and below the range from which Linux takes ephemeral ones by default (32768 and up begin there, but 20000 to 29999 are free). */
const FIRST = 20_000;
const LAST = 29_999;

/** The lowest free ports, or null when there are not enough. */
export function leasePorts(wanted: number, taken: ReadonlySet<number>): number[] | null {
  const ports: number[] = [];
  for (let port = FIRST; port <= LAST && ports.length < wanted; port += 1) {
    if (!taken.has(port)) ports.push(port);
  }
  return ports.length === wanted ? ports : null;
}
