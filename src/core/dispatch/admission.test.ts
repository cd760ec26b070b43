import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AdmissionFacts, admit } from './admission.ts';
import { leasePorts } from './ports.ts';

function facts(over: Partial<AdmissionFacts> & { runs?: [string, string, number?][] }): AdmissionFacts {
  const { runs = [], ...rest } = over;
  return {
    waiting: runs.map(([id, projectId, notBeforeMs]) => ({ id, projectId, notBeforeMs: notBeforeMs ?? null })),
    live: new Map(),
    maxLive: 3,
    maxLiveOf: () => 2,
    nowMs: 1000,
    blocked: null,
    ...rest,
  };
}

describe('admission', () => {
  it('starts the oldest first', () => {
    expect(
      admit(
        facts({
          runs: [
            ['a', 'p'],
            ['b', 'q'],
            ['c', 'r'],
            ['d', 's'],
          ],
        }),
      ).start,
    ).toEqual(['a', 'b', 'c']);
  });

  it('a full project does not block the runs behind it', () => {
    const decided = admit(
      facts({
        runs: [
          ['a', 'p'],
          ['b', 'p'],
          ['c', 'p'],
          ['d', 'q'],
        ],
      }),
    );
    expect(decided.start).toEqual(['a', 'b', 'd']);
    expect(decided.hold).toEqual([{ id: 'c', reason: 'slot', detail: expect.stringMatching(/places/) }]);
  });

  it('a run that waits for a time takes no place, keeps its reason and names the time to wake', () => {
    const decided = admit(
      facts({
        runs: [
          ['a', 'p', 5000],
          ['b', 'p', 4000],
          ['c', 'p'],
        ],
      }),
    );
    expect(decided).toEqual({ start: ['c'], hold: [], wakeAtMs: 4000 });
  });

  it('nothing starts while something blocks', () => {
    const decided = admit(facts({ runs: [['a', 'p']], blocked: { reason: 'capacity', detail: 'disk' } }));
    expect(decided).toEqual({ start: [], hold: [{ id: 'a', reason: 'capacity', detail: 'disk' }], wakeAtMs: null });
  });

  it('never exceeds a limit, and never leaves a place empty that a run could take', () => {
    const run = fc.record({
      id: fc.uuid(),
      projectId: fc.constantFrom('p', 'q', 'r'),
      notBeforeMs: fc.option(fc.integer({ min: 0, max: 2000 })),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(run, { selector: (one) => one.id, maxLength: 20 }),
        fc.record({ p: fc.nat(3), q: fc.nat(3), r: fc.nat(3) }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 4 }),
        (waiting, live, maxLive, perProject) => {
          const decided = admit({
            waiting,
            live: new Map(Object.entries(live)),
            maxLive,
            maxLiveOf: () => perProject,
            nowMs: 1000,
            blocked: null,
          });
          const after = new Map<string, number>(Object.entries(live));
          for (const id of decided.start) {
            const project = waiting.find((one) => one.id === id)?.projectId ?? '';
            after.set(project, (after.get(project) ?? 0) + 1);
            expect(after.get(project)).toBeLessThanOrEqual(Math.max(perProject, live[project as 'p'] ?? 0));
          }
          const total = [...after.values()].reduce((sum, count) => sum + count, 0);
          const before = live.p + live.q + live.r;
          expect(total).toBeLessThanOrEqual(Math.max(maxLive, before));
          for (const held of decided.hold) {
            const project = waiting.find((one) => one.id === held.id)?.projectId ?? '';
            expect(total >= maxLive || (after.get(project) ?? 0) >= perProject).toBe(true);
          }
          expect(new Set([...decided.start, ...decided.hold.map((one) => one.id)]).size).toBe(decided.start.length + decided.hold.length);
        },
      ),
    );
  });
});

describe('ports', () => {
  it('leases the lowest free ones', () => {
    expect(leasePorts(3, new Set([20_000, 20_002]))).toEqual([20_001, 20_003, 20_004]);
    expect(leasePorts(0, new Set())).toEqual([]);
  });

  it('gives none when there are too few', () => {
    expect(leasePorts(10_001, new Set())).toBeNull();
  });
});
