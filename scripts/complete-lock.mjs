/**
 * Adds to package-lock.json the packages of other platforms that the registry in use does not carry. Without their entries `npm ci` refuses the
 * lock file, also on platforms that need none of them. Run it after every `npm install` that changed the lock file (`npm run lock` does).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot, say } from './setup/root.mjs';

const OS = { android: 'android', darwin: 'darwin', freebsd: 'freebsd', linux: 'linux', openharmony: 'openharmony', win32: 'win32' };
/** The last part of a name wins: "arm-musleabihf" is arm. */
const CPU = ['arm64', 'arm', 'ia32', 'x64', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32'];

const file = inRoot('package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
/** @type {string[]} */
const added = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (path === '' || isThere(path, name)) continue;
    lock.packages[`node_modules/${name}`] = { version, ...platformOf(name), optional: true, ...(entry.dev === true ? { dev: true } : {}) };
    added.push(`${name}@${version}`);
  }
}
if (added.length > 0) {
  const { '': root, ...rest } = lock.packages;
  const sorted = Object.entries(rest).sort(([one], [other]) => one.localeCompare(other, 'en'));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: { '': root, ...Object.fromEntries(sorted) } }, null, 2)}\n`);
}
say(added.length === 0 ? 'package-lock.json names every platform' : `added to package-lock.json: ${added.join(', ')}`);

/** As Node finds a package: below the one that asks, or in the node_modules of any folder above. @param {string} path @param {string} name */
function isThere(path, name) {
  const places = path.split('/node_modules/').map((_part, index, parts) => parts.slice(0, index + 1).join('/node_modules/'));
  return ['', ...places].some((place) => lock.packages[`${place === '' ? '' : `${place}/`}node_modules/${name}`] !== undefined);
}

/** Packages of this kind are named `…-OS-CPU[-LIBC]`. @param {string} name */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = words.find((word) => word in OS);
  const cpu = CPU.find((known) => words.includes(known));
  if (os === undefined || cpu === undefined)
    throw new Error(`the name of ${name} does not tell its platform; install it from a full registry`);
  const libc =
    os !== 'linux'
      ? {}
      : words.some((word) => word.startsWith('musl'))
        ? { libc: ['musl'] }
        : words.includes('gnu')
          ? { libc: ['glibc'] }
          : {};
  return { cpu: [cpu], ...libc, os: [os] };
}
