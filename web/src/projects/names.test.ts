import { expect, it } from 'vitest';
import { nameFromPath } from './names.ts';

it.each([
  ['~/code/web-app', 'web-app'],
  ['/srv/repositories/Größe 2/', 'Gr--e-2'],
  ['/srv/.hidden', 'hidden'],
  ['/srv/tools.git', 'tools'],
  ['~', ''],
  ['', ''],
  [`/x/${'a'.repeat(99)}`, 'a'.repeat(64)],
])('%s is called %s', (path, name) => expect(nameFromPath(path)).toBe(name));
