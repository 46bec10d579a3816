// How the web app is built: src/web/ becomes dist/web/, which the server sends (src/api/app.ts). Works offline: everything is bundled.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const out = fileURLToPath(new URL('./dist/web', import.meta.url))

/** Lays a compressed copy beside each file, so that the server only sends. */
function compressed(): Plugin {
  let assets = ''
  return {
    name: 'compressed copies',
    configResolved({ root, build }) {
      assets = join(resolve(root, build.outDir), 'assets')
    },
    closeBundle() {
      for (const name of readdirSync(assets)) {
        if (!/\.(js|css|svg)$/.test(name)) continue
        const bytes = readFileSync(join(assets, name))
        writeFileSync(join(assets, `${name}.br`), brotliCompressSync(bytes))
        writeFileSync(join(assets, `${name}.gz`), gzipSync(bytes))
      }
    },
  }
}

export default defineConfig({
  root: fileURLToPath(new URL('./src/web', import.meta.url)),
  // The server puts a fresh value in its place with every page: styles made in the browser carry it (Content-Security-Policy).
  html: { cspNonce: 'SLUICE_NONCE' },
  plugins: [react(), compressed()],
  build: {
    outDir: out,
    emptyOutDir: true,
    // Also small pictures are files: the policy allows no other place.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_000,
    manifest: true,
  },
})
