import { describe, expect, it } from 'vitest';
import { seccompFilter } from './seccomp-filter.ts';

const ALLOW = 0x7fff0000;
const refused = (errno: number): number => 0x00050000 | errno;

/** What the kernel would decide: the few instructions that the filter is made of. */
function decide(processor: string, audit: number, number: number, args: number[] = []): number {
  const bytes = seccompFilter(processor) ?? new Uint8Array();
  const view = new DataView(bytes.buffer);
  const data = new Map([[0, number], [4, audit], ...args.map((value, index): [number, number] => [16 + index * 8, value])]);
  let accumulator = 0;
  for (let at = 0; at < bytes.length / 8; at += 1) {
    const [code, ifTrue, ifFalse, value] = [
      view.getUint16(at * 8, true),
      view.getUint8(at * 8 + 2),
      view.getUint8(at * 8 + 3),
      view.getUint32(at * 8 + 4, true),
    ];
    if (code === 0x06) return value;
    if (code === 0x20) accumulator = data.get(value) ?? 0;
    else {
      const holds = code === 0x15 ? accumulator === value : code === 0x35 ? accumulator >= value : (accumulator & value) !== 0;
      at += holds ? ifTrue : ifFalse;
    }
  }
  throw new Error('the program ran off its end');
}

const SIDES = [
  {
    name: 'x64',
    audit: 0xc000003e,
    read: 0,
    mount: 165,
    clone: 56,
    clone3: 435,
    socket: 41,
    ioctl: 16,
    fchmodat: 268,
    openat: 257,
    unshare: 272,
  },
  {
    name: 'arm64',
    audit: 0xc00000b7,
    read: 63,
    mount: 40,
    clone: 220,
    clone3: 435,
    socket: 198,
    ioctl: 29,
    fchmodat: 53,
    openat: 56,
    unshare: 97,
  },
];

describe.each(SIDES)('the filter of $name', (side) => {
  const judge = (number: number, ...args: number[]): number => decide(side.name, side.audit, number, args);
  it('allows ordinary calls', () => {
    expect(judge(side.read)).toBe(ALLOW);
    expect(judge(side.clone, 0x01200011)).toBe(ALLOW);
    expect(judge(side.openat, 0, 0, 0o100, 0o644)).toBe(ALLOW);
    expect(judge(side.openat, 0, 0, 0, 0o7777)).toBe(ALLOW);
    expect(judge(side.ioctl, 0, 0x5413)).toBe(ALLOW);
    for (const family of [1, 2, 10, 16]) expect(judge(side.socket, family)).toBe(ALLOW);
  });
  it('refuses mounts, namespaces, io_uring, other families, terminal input and set-id files', () => {
    expect(judge(side.mount)).toBe(refused(1));
    for (const flag of [0x10000000, 0x20000, 0x40000000]) {
      expect(judge(side.clone, flag)).toBe(refused(1));
      expect(judge(side.unshare, flag)).toBe(refused(1));
    }
    for (const number of [425, 426, 427]) expect(judge(number)).toBe(refused(1));
    expect(judge(side.clone3)).toBe(refused(38));
    expect(judge(437)).toBe(refused(38));
    for (const family of [0, 17, 38, 40]) expect(judge(side.socket, family)).toBe(refused(97));
    expect(judge(side.ioctl, 0, 0x5412)).toBe(refused(1));
    expect(judge(side.fchmodat, 0, 0, 0o4755)).toBe(refused(1));
    expect(judge(side.openat, 0, 0, 0o100, 0o4755)).toBe(refused(1));
  });
  it('refuses every call of another processor', () => expect(decide(side.name, 0x40000003, side.read)).toBe(refused(1)));
});

it('refuses the other calling convention of x64', () => expect(decide('x64', 0xc000003e, 0x40000000)).toBe(refused(38)));
it('is none for an unknown processor', () => expect(seccompFilter('mips')).toBe(null));
