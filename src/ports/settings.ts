import type { Setting } from '../contract/resources.ts';
import type { SettingKey, SettingValue } from '../contract/settings.ts';

export interface Settings {
  /** The value in force: environment, then config.yml, then the default. */
  get<K extends SettingKey>(key: K): SettingValue<K>;
  describe(key: SettingKey): Setting;
  all(): Setting[];
  /** Writes config.yml, keeping its comments. Throws `setting_invalid`, `setting_fixed`. */
  set(key: SettingKey, value: unknown): Promise<void>;
  unset(key: SettingKey): Promise<void>;
  /** A changed file that is not valid keeps the last good values and calls `onRejected`. */
  watch(onRejected: (why: string) => void): () => void;
}
