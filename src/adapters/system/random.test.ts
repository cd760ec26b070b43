import { expect, it } from 'vitest';
import { systemRandom } from './random.ts';

it('gives ids, uuids and tokens of the promised shapes, each only once', () => {
  const random = systemRandom();
  const seen = new Set<string>();
  for (let index = 0; index < 1000; index += 1) {
    const id = random.id();
    const token = random.token();
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(random.fraction()).toBeLessThan(1);
    seen.add(id).add(token);
  }
  expect(seen.size).toBe(2000);
});
