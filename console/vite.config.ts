import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// `npm run dev` shows the console against a node on this address.
const node = process.env['KEEPCLEAR_DEV_NODE'] ?? 'http://127.0.0.1:8601';

export default defineConfig({
  plugins: [svelte({ configFile: false })],
  base: '/',
  build: {
    outDir: '../src/keepclear/web/static',
    emptyOutDir: true,
    sourcemap: false,
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': node, '/map': node, '/enter': node } },
  test: { include: ['src/**/*.test.ts'] },
});
