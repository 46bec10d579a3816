// How the tests run: beside the code and under test/, two files at a time.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['./test/postgres.ts'],
    setupFiles: ['./test/support/tellPages.ts'],
    // Generous: a busy machine is no failure.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    pool: 'forks',
    maxWorkers: 2,
    // Modules are loaded once for all files of a worker: they keep no state that a test could leave behind.
    isolate: false,
    // Processes that tests start keep their compiled code, as the launcher has it.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('./node_modules/.cache/sluice', import.meta.url)) },
  },
})
