import type { CommandDeclaration } from '../command.ts';

const server = () => import('../commands/server.ts');

export const START: readonly CommandDeclaration[] = [
  {
    path: 'up',
    summary: 'Serve in the foreground until Ctrl-C or "gluon down".',
    options: [{ flags: '--open', summary: 'open the page in the browser' }],
    load: async () => (await server()).up,
  },
  {
    path: 'web',
    summary: 'Print an address that logs a browser into the page, once.',
    options: [{ flags: '--open', summary: 'open it in the browser' }],
    load: async () => (await import('../commands/web.ts')).web,
  },
  { path: 'down', summary: 'Stop the server in good order.', autostart: false, load: async () => (await server()).down },
  { path: 'status', summary: 'What the server does right now.', autostart: false, load: async () => (await server()).status },
  {
    path: 'doctor',
    summary: 'Examine the machine and the home; exit code 1 when something fails.',
    options: [{ flags: '--fix', summary: 'apply the safe fixes' }],
    load: async () => (await server()).doctor,
  },
  {
    path: 'init',
    summary: 'Write a starter .gluon.yml into this repository.',
    load: async () => (await import('../commands/init.ts')).init,
  },
  { path: 'demo', summary: 'How to try Gluon without an account.', load: async () => (await server()).demo },
  { path: 'version', summary: 'Version of this program and of the server.', autostart: false, load: async () => (await server()).version },
  { path: 'token print', summary: 'Print the token for scripts.', load: async () => (await server()).printToken },
];
