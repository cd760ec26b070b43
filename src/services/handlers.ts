/** One handler per operation: finds, calls one use case, renders. */
import { GluonError, isGluonError } from '../contract/errors.ts';
import type { CallContext, Handlers } from '../contract/handlers.ts';
import { SETTINGS, type SettingKey } from '../contract/settings.ts';
import type { Deps } from './deps.ts';
import { examine } from './doctor.ts';
import { findProject } from './find.ts';
import { projectHandlers } from './handlers-projects.ts';
import { runHandlers } from './handlers-runs.ts';
import { type WebControls, webHandlers } from './handlers-web.ts';
import { only } from './only.ts';
import { noteProblem } from './problems.ts';
import { usageByDay, usageByModel, usageByProject, usageByRun, usageSummary } from './read-usage.ts';
import { homeStats, type ServerFacts, serverStatus } from './status.ts';
import { collectWorkingCopies, listWorkingCopies, previewCleanup, runCleanup } from './tidy.ts';
import { unitOfWork } from './unit-of-work.ts';

export interface ServerControls extends ServerFacts, WebControls {
  /** What a crash left behind is still being mended. */
  starting(): boolean;
  stop(): void;
}

export function handlers(deps: Deps, server: ServerControls): Handlers {
  return { ...systemHandlers(deps, server), ...projectHandlers(deps), ...runHandlers(deps), ...webHandlers(deps, server) };
}

type OtherHandlers = ReturnType<typeof projectHandlers> & ReturnType<typeof runHandlers> & ReturnType<typeof webHandlers>;
type SystemHandlers = Omit<Handlers, keyof OtherHandlers>;

function systemHandlers(deps: Deps, server: ServerControls): SystemHandlers {
  return {
    'system.health': async () => ({ status: server.starting() ? 'starting' : 'ok' }),
    'system.version': async () => ({ version: deps.version, api: 1 }),
    'system.status': async () => serverStatus(deps, server),
    'system.stop': async () => {
      server.stop();
      return { done: true };
    },
    'system.doctor': async (input) => examine(deps, input.fix),
    'system.sandbox': async () => {
      const report = await deps.sandbox.report();
      return { default: deps.settings.get('sandbox'), levels: report.levels, caps_by: report.capsBy, program: report.program };
    },
    'system.stats': async () => homeStats(deps),
    'system.logs': async (input) => ({ items: await deps.home.serverLog(input.lines) }),
    'settings.list': async () => ({ items: deps.settings.all() }),
    'settings.get': async (input) => deps.settings.describe(settingKey(input.key)),
    'settings.set': async (input, context) => changeSetting(deps, input.key, context, (key) => deps.settings.set(key, input.value)),
    'settings.unset': async (input, context) => changeSetting(deps, input.key, context, (key) => deps.settings.unset(key)),
    'usage.summary': async (input) => usageSummary(deps, input.project),
    'usage.by_project': async (input) => usageByProject(deps, input),
    'usage.by_model': async (input) => usageByModel(deps, input),
    'usage.by_day': async (input) => usageByDay(deps, input),
    'usage.runs': async (input) => usageByRun(deps, input),
    'activity.list': async (input) => {
      const project = input.project === undefined ? undefined : (await findProject(deps.store, input.project)).id;
      const filter = only({ project_id: project, type: input.type, actor: input.actor });
      return deps.store.activity(filter, input.limit, input.cursor);
    },
    'events.list': async (input) => ({ items: await deps.store.events(input.after, input.limit) }),
    'cleanup.preview': async () => previewCleanup(deps),
    'cleanup.run': async (_input, context) => runCleanup(deps, context.actor),
    'worktrees.list': async () => ({
      items: (await listWorkingCopies(deps)).map(({ run, ...copy }) => ({ ...copy, run_id: run?.id ?? null })),
    }),
    'worktrees.gc': async (input) => collectWorkingCopies(deps, input.dry_run),
  };
}

/** `prices.<model>` is a key of its own below `prices`; the settings adapter knows it. */
function settingKey(key: string): SettingKey {
  if (!Object.hasOwn(SETTINGS, key) && !key.startsWith('prices.')) throw new GluonError('setting_unknown', { key });
  return key as SettingKey;
}

async function changeSetting(deps: Deps, name: string, context: CallContext, change: (key: SettingKey) => Promise<void>) {
  const key = settingKey(name);
  await change(key);
  try {
    await unitOfWork(deps, (unit) => unit.record('setting.changed', { key }, { actor: context.actor }));
  } catch (error) {
    // The file is written; a missing event must not make the person believe it was not.
    if (!isGluonError(error)) throw error;
    await noteProblem(deps, 'settings', error);
  }
  deps.wake();
  return deps.settings.describe(key);
}
