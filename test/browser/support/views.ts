/** Every view of the page: for pictures of it and for what must hold in all of them. */
import type { Page } from 'playwright-core';
import type { Seeded } from './seed.ts';

export interface View {
  /** `:sessions` stands for the run with the varied transcript. */
  readonly path: string;
  readonly signedOut?: boolean;
  /** What a person does to see it. */
  readonly act?: (page: Page) => Promise<void>;
}

const press =
  (keys: string) =>
  async (page: Page): Promise<void> => {
    await page.keyboard.press(keys);
    await page.getByRole('dialog').first().waitFor();
  };

export const VIEWS: Readonly<Record<string, View>> = {
  board: { path: '/' },
  panel: { path: '/?run=:sessions' },
  list: { path: '/list' },
  run: { path: '/runs/:sessions' },
  files: { path: '/runs/:sessions?tab=files' },
  activity: { path: '/activity' },
  usage: { path: '/usage' },
  projects: { path: '/projects' },
  project: { path: '/projects?project=web-app' },
  settings: { path: '/settings' },
  doctor: { path: '/doctor' },
  login: { path: '/', signedOut: true },
  'new-run': { path: '/', act: press('n') },
  palette: { path: '/', act: press('Control+k') },
  shortcuts: { path: '/', act: press('?') },
  question: { path: '/', act: press('a') },
};

export function addressed({ path }: View, { runs }: Seeded): string {
  return path.replace(':sessions', runs['Show and revoke active sessions'] ?? '');
}

/** What a person sees has come: the view, its data, its letters. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('main').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.evaluate('document.fonts.ready.then(() => undefined)');
}
