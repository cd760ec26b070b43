/**
 * The system call filter of a sandbox as a classic BPF program (struct sock_filter of <linux/filter.h>, data of struct seccomp_data).
 * It takes away what agents and builds do not need and what kernel escapes were made of; everything else stays allowed.
 */

const LOAD_WORD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;

const ALLOW = 0x7fff0000;
const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;
const failWith = (errno: number): number => 0x00050000 | errno;

const OFFSET_NUMBER = 0;
const OFFSET_ARCHITECTURE = 4;
/** Low half of an argument: 64 bits each, little endian. */
const argumentOffset = (index: number): number => 16 + index * 8;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const NAMESPACE_FLAGS = 0x7e020000;
/** AF_UNIX (the gateway's socket), AF_INET, AF_INET6, AF_NETLINK (interface lists). Not AF_VSOCK: network namespaces do not hold it. */
const ADDRESS_FAMILIES = [1, 2, 10, 16];
/** TIOCSTI pushes input into a terminal, TIOCLINUX pastes into a console. */
const TERMINAL_REQUESTS = [0x5412, 0x541c];

/**
 * Set-user-id and set-group-id: such a file in the working copy would carry the rights of Gluon's own user to anybody on the host. Files
 * can get them when they are made, too: an O_CREAT or O_TMPFILE in the flags.
 */
const SET_ID_BITS = 0o6000;
const CREATING_FLAGS = 0x400040;

interface Architecture {
  /** AUDIT_ARCH_* of <linux/audit.h>. */
  audit: number;
  /** Numbers from here on belong to another calling convention (x32). */
  foreignFrom: number | null;
  clone: number;
  clone3: number;
  unshare: number;
  socket: number;
  ioctl: number;
  /** Calls that set a mode, and the index of the argument that holds it. */
  modes: readonly (readonly [call: number, mode: number])[];
  /** Calls that may make a file: index of the flags (null: always) and of the mode. */
  creates: readonly (readonly [call: number, flags: number | null, mode: number])[];
  denied: readonly number[];
}

/** io_uring (setup, enter, register), open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr, quotactl_fd: same everywhere. */
const DENIED_COMMON = [425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 443];

const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  x64: {
    audit: 0xc000003e,
    foreignFrom: 0x40000000,
    clone: 56,
    clone3: 435,
    unshare: 272,
    socket: 41,
    ioctl: 16,
    // chmod, fchmod, fchmodat, fchmodat2
    modes: [
      [90, 1],
      [91, 1],
      [268, 2],
      [452, 2],
    ],
    // open, creat, mknod, openat, mknodat
    creates: [
      [2, 1, 2],
      [85, null, 1],
      [133, null, 1],
      [257, 2, 3],
      [259, null, 2],
    ],
    denied: [
      ...DENIED_COMMON,
      // syslog, uselib, pivot_root, _sysctl, acct, mount, umount2, swapon, swapoff, reboot, iopl, ioperm
      ...[103, 134, 155, 156, 163, 165, 166, 167, 168, 169, 172, 173],
      // init_module, delete_module, quotactl, lookup_dcookie, kexec_load, add_key, request_key, keyctl
      ...[175, 176, 179, 212, 246, 248, 249, 250],
      // perf_event_open, name_to_handle_at, open_by_handle_at, setns, kcmp, finit_module, kexec_file_load, bpf, userfaultfd
      ...[298, 303, 304, 308, 312, 313, 320, 321, 323],
    ],
  },
  arm64: {
    audit: 0xc00000b7,
    foreignFrom: null,
    clone: 220,
    clone3: 435,
    unshare: 97,
    socket: 198,
    ioctl: 29,
    // fchmod, fchmodat, fchmodat2
    modes: [
      [52, 1],
      [53, 2],
      [452, 2],
    ],
    // mknodat, openat
    creates: [
      [33, null, 2],
      [56, 2, 3],
    ],
    denied: [
      ...DENIED_COMMON,
      // lookup_dcookie, umount2, mount, pivot_root, quotactl, acct, kexec_load, init_module, delete_module, syslog, reboot
      ...[18, 39, 40, 41, 60, 89, 104, 105, 106, 116, 142],
      // add_key, request_key, keyctl, swapon, swapoff, perf_event_open, name_to_handle_at, open_by_handle_at, setns
      ...[217, 218, 219, 224, 225, 241, 264, 265, 268],
      // kcmp, finit_module, bpf, userfaultfd, kexec_file_load
      ...[272, 273, 280, 282, 294],
    ],
  },
};

const OPENAT2 = 437;

type Instruction = [code: number, ifTrue: number, ifFalse: number, value: number];

const load = (offset: number): Instruction => [LOAD_WORD, 0, 0, offset];
const giveBack = (value: number): Instruction => [RETURN, 0, 0, value];

/** The program for a processor as Node names it (`x64`, `arm64`); null when there is none for it. */
export function seccompFilter(processor: string): Uint8Array | null {
  const arch = ARCHITECTURES[processor];
  if (arch === undefined) return null;
  return encode([
    load(OFFSET_ARCHITECTURE),
    [JUMP_EQUAL, 1, 0, arch.audit],
    giveBack(failWith(EPERM)),
    load(OFFSET_NUMBER),
    ...(arch.foreignFrom === null ? [] : ([[JUMP_AT_LEAST, 0, 1, arch.foreignFrom], giveBack(failWith(ENOSYS))] as Instruction[])),
    ...arch.denied.flatMap((number): Instruction[] => [[JUMP_EQUAL, 0, 1, number], giveBack(failWith(EPERM))]),
    // The C library falls back to clone, whose flags can be looked at; those of clone3 lie behind a pointer.
    [JUMP_EQUAL, 0, 1, arch.clone3],
    giveBack(failWith(ENOSYS)),
    // So does everybody from openat2, whose mode lies behind a pointer.
    [JUMP_EQUAL, 0, 1, OPENAT2],
    giveBack(failWith(ENOSYS)),
    ...[...arch.modes.map(([call, mode]) => [call, null, mode] as const), ...arch.creates].flatMap(([call, flags, mode]) =>
      whenCalled(call, withoutSetId(flags, mode)),
    ),
    ...whenCalled(arch.clone, [load(argumentOffset(0)), [JUMP_ANY_BIT, 0, 1, NAMESPACE_FLAGS], giveBack(failWith(EPERM)), giveBack(ALLOW)]),
    ...whenCalled(arch.unshare, [
      load(argumentOffset(0)),
      [JUMP_ANY_BIT, 0, 1, NAMESPACE_FLAGS],
      giveBack(failWith(EPERM)),
      giveBack(ALLOW),
    ]),
    ...whenCalled(arch.socket, [
      load(argumentOffset(0)),
      ...ADDRESS_FAMILIES.flatMap((family): Instruction[] => [[JUMP_EQUAL, 0, 1, family], giveBack(ALLOW)]),
      giveBack(failWith(EAFNOSUPPORT)),
    ]),
    ...whenCalled(arch.ioctl, [
      load(argumentOffset(1)),
      ...TERMINAL_REQUESTS.flatMap((request): Instruction[] => [[JUMP_EQUAL, 0, 1, request], giveBack(failWith(EPERM))]),
      giveBack(ALLOW),
    ]),
    giveBack(ALLOW),
  ]);
}

function withoutSetId(flags: number | null, mode: number): Instruction[] {
  return [
    // Without a creating flag the mode is whatever the register held.
    ...(flags === null ? [] : ([load(argumentOffset(flags)), [JUMP_ANY_BIT, 1, 0, CREATING_FLAGS], giveBack(ALLOW)] as Instruction[])),
    load(argumentOffset(mode)),
    [JUMP_ANY_BIT, 0, 1, SET_ID_BITS],
    giveBack(failWith(EPERM)),
    giveBack(ALLOW),
  ];
}

/** Skips the block unless the number in the accumulator is that of the call. Every block ends with a return. */
function whenCalled(number: number, block: Instruction[]): Instruction[] {
  return [[JUMP_EQUAL, 0, block.length, number], ...block];
}

function encode(program: Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  program.forEach(([code, ifTrue, ifFalse, value], index) => {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, ifTrue);
    view.setUint8(index * 8 + 3, ifFalse);
    view.setUint32(index * 8 + 4, value, true);
  });
  return bytes;
}
