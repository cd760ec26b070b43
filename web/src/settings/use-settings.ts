/** Settings as the server has them, and changing one of them. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { GluonEvent, Setting } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { operationQuery } from '../api/query.ts';
import { useTopic } from '../live/live.ts';

const ALL = operationQuery('settings.list', {});

export function useSettings() {
  const queries = useQueryClient();
  const again = () => void queries.invalidateQueries({ queryKey: ALL.queryKey });
  useTopic('board', {
    message: (type, data) => {
      if (type === 'activity' && (data as GluonEvent).type === 'setting.changed') again();
    },
    resync: again,
  });
  // A person may have edited config.yml meanwhile: nothing tells of that.
  return useQuery({ ...ALL, refetchOnMount: 'always' });
}

export type SettingChange = { readonly to: unknown } | { readonly reset: true };

/** `key` may name one price: `prices.<model>`. */
export function useChangeSetting(key: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: SettingChange): Promise<Setting> =>
      'to' in change ? call('settings.set', { key, value: change.to }) : call('settings.unset', { key }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ALL.queryKey }),
  });
}
