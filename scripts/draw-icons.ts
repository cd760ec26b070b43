/**
 * Draws the page's icons from web/public/icon.svg into web/public: `node scripts/draw-icons.ts [CHROMIUM]`. They are kept in the
 * repository; run it after a change of the drawing.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { chromium, type Page } from 'playwright-core';
import { inRoot, say } from './setup/root.mjs';

const GROUND = '#17181d';

interface Icon {
  readonly name: string;
  readonly size: number;
  /** Share of the icon that the drawing takes; the rest is ground, which a phone may cut into its own shape. */
  readonly share: number;
  readonly look: 'own' | 'full' | 'shape';
}

const ICONS: readonly Icon[] = [
  { name: 'icon-192', size: 192, share: 1, look: 'own' },
  { name: 'icon-512', size: 512, share: 1, look: 'own' },
  { name: 'icon-maskable-512', size: 512, share: 0.8, look: 'full' },
  // What a phone shows in its status bar: only what is opaque counts.
  { name: 'badge-96', size: 96, share: 1.3, look: 'shape' },
];

const drawing = await readFile(inRoot('web/public/icon.svg'), 'utf8');
const browser = await chromium.launch({ executablePath: process.argv[2] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  for (const icon of ICONS) await draw(page, icon);
} finally {
  await browser.close();
}
say(`drew ${ICONS.length} icons into web/public`);

async function draw(page: Page, { name, size, share, look }: Icon): Promise<void> {
  const svg = look === 'own' ? drawing : drawing.replace(/<rect[^>]*>/, '');
  const inner = Math.round(size * share);
  const ground = look === 'full' ? GROUND : 'transparent';
  const filter = look === 'shape' ? 'filter:grayscale(1) brightness(9)' : '';
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<body style="margin:0;width:${size}px;height:${size}px;display:grid;place-items:center;overflow:hidden;background:${ground}">
      <div style="width:${inner}px;height:${inner}px;flex:none;${filter}">${svg.replace('<svg', '<svg width="100%" height="100%"')}</div></body>`,
  );
  await writeFile(inRoot(`web/public/${name}.png`), await page.screenshot({ omitBackground: true }));
}
