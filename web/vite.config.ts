import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The gateway serves the result under a policy of 'self' alone, so nothing is inlined. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600,
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/health', '/login', '/ws'].map((path) => [
        path,
        { target: 'http://127.0.0.1:8002', ws: path === '/ws' },
      ]),
    ),
  },
});
