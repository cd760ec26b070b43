/** From a command to the words that are executed: control group first, then limits, then the command. No shell text is ever made from data. */
import type { Caps } from '../../../ports/sandbox.ts';

/** Writes its own pid into the given files, then becomes the command. Fails closed: no entry, no command. */
const ENTER_GROUPS = 'set -e; n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ > "$1"; shift; n=$((n-1)); done; exec "$@"';

export function enteringGroups(entries: readonly string[], words: readonly string[]): string[] {
  return entries.length === 0 ? [...words] : ['/bin/sh', '-c', ENTER_GROUPS, 'sh', String(entries.length), ...entries, ...words];
}

/** `processes`: also cap their number, which counts within a user namespace only and would count the whole user elsewhere. */
export function limited(prlimit: string | null, caps: Caps, processes: boolean, words: readonly string[]): string[] {
  if (prlimit === null) return [...words];
  return [
    prlimit,
    '--core=0',
    ...(caps.fileBytes === null ? [] : [`--fsize=${caps.fileBytes}`]),
    ...(processes && caps.pids !== null ? [`--nproc=${caps.pids}`] : []),
    '--',
    ...words,
  ];
}

/**
 * Starts the forwarder from a loopback port to the egress socket, waits until it listens, then becomes the command. In a network of its
 * own the count of TCP sockets in use says so, without a search through the kernel's tables. It is up within milliseconds, in which
 * looking needs no further process; after that every 5 ms, 2 s at most. The forwarder holds none of the command's streams.
 */
const FORWARD_FIRST = `"$1" "$2" "$3" </dev/null >/dev/null 2>&1 & shift 3
up() { while read -r name _ inuse _; do [ "$name" = TCP: ] && { [ "$inuse" -gt 0 ]; return; }; done </proc/net/sockstat; return 1; }
i=0; until up; do i=$((i+1)); [ "$i" -gt 500 ] && exit 125; [ "$i" -lt 100 ] || sleep 0.005; done
exec "$@"`;

/** `forwarder` is the forwarding program with its two arguments. */
export function forwarding(forwarder: readonly [string, string, string], words: readonly string[]): string[] {
  return ['/bin/sh', '-c', FORWARD_FIRST, 'sh', ...forwarder, ...words];
}

export function socatForwarder(socat: string, port: number, socket: string): [string, string, string] {
  return [socat, `TCP-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr,backlog=128`, `UNIX-CONNECT:${socket}`];
}

/** The same with the Node that runs us, mounted into the sandbox, where socat is not installed. */
export function nodeForwarder(node: string, port: number, socket: string): [string, string, string] {
  const script =
    `const n=require('net');n.createServer({allowHalfOpen:true},c=>{const u=n.connect({path:${JSON.stringify(socket)},allowHalfOpen:true});` +
    `c.on('error',()=>u.destroy());u.on('error',()=>c.destroy());c.pipe(u);u.pipe(c)}).listen(${port},'127.0.0.1')`;
  return [node, '-e', script];
}
