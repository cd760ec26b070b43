import type { FormulaStep } from './formula.ts';

/** Steps after what they depend on, else as written; unknown ids are passed over. With a circle: one of them, closed, and no order. */
export function orderSteps(steps: readonly FormulaStep[]): { steps: readonly FormulaStep[]; cycle: readonly string[] | null } {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const done = new Set<FormulaStep>();
  const ordered: FormulaStep[] = [];
  for (const first of steps) {
    // The way down as a list of its own: a long chain must not use the stack up.
    const way: { step: FormulaStep; left: string[] }[] = done.has(first) ? [] : [{ step: first, left: [...first.dependsOn] }];
    for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
      const id = here.left.shift();
      if (id === undefined) {
        way.pop();
        done.add(here.step);
        ordered.push(here.step);
        continue;
      }
      const next = byId.get(id);
      if (next === undefined || done.has(next)) continue;
      const at = way.findIndex(({ step }) => step === next);
      if (at >= 0) return { steps: [], cycle: [...way.slice(at).map(({ step }) => step.id), next.id] };
      way.push({ step: next, left: [...next.dependsOn] });
    }
  }
  return { steps: ordered, cycle: null };
}
