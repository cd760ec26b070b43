import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** The page, built into the server's package. Everything is served by the server itself; nothing is inlined, for the content security policy. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    react(),
    tailwindcss(),
    fontsFirst(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/worker',
      filename: 'service-worker.ts',
      injectRegister: false,
      registerType: 'prompt',
      manifest: {
        name: 'Gluon',
        short_name: 'Gluon',
        description: 'Many coding agents on one board',
        id: '/',
        start_url: '/',
        display: 'standalone',
        background_color: '#0f1013',
        theme_color: '#0f1013',
        icons: [
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      injectManifest: { globPatterns: ['**/*.{js,css,html,woff2,svg,png}'] },
    }),
  ],
  worker: { format: 'es', plugins: () => [withoutDocument()] },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});

/** A worker has no document: of a package that comes in two kinds it gets the one that does without. */
function withoutDocument(): Plugin {
  const name = 'decode-named-character-reference';
  return {
    name: 'gluon:without-document',
    enforce: 'pre',
    resolveId: (id) => (id === name ? fileURLToPath(import.meta.resolve(name)) : null),
  };
}

/** The letters of the first view are asked for with the page, not when the style sheet names them. */
function fontsFirst(): Plugin {
  return {
    name: 'fonts-first',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter((file) => /\/(?:inter-latin-opsz|jetbrains-mono-latin-wght)-normal-[^/]*\.woff2$/.test(file))
          .map((file) => ({
            tag: 'link',
            attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `/${file}` },
            injectTo: 'head-prepend' as const,
          })),
    },
  };
}
