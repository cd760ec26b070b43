/** Light, dark, or as the system says. The choice is this browser's own. */

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'gluon.theme';

export function theme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function setTheme(next: Theme): void {
  if (next === 'system') {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEY, next);
    document.documentElement.dataset.theme = next;
  }
}

export function isDark(): boolean {
  const { theme: forced } = document.documentElement.dataset;
  return forced === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : forced === 'dark';
}
