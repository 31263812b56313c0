#!/usr/bin/env -S MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=131072 node --disable-warning=ExperimentalWarning --max-semi-space-size=16
import { setFlagsFromString } from 'node:v8'

// `MALLOC_ARENA_MAX`: else glibc keeps memory for each of Node's threads, a sixth of what a long rehearsal takes.
// `MALLOC_TRIM_THRESHOLD_`: else it keeps what was freed at the end of its heap, up to 64 MB once V8 has compiled what is hot.
// Before any other file is read: see `compilers.ts`.
setFlagsFromString('--no-sparkplug')
setFlagsFromString('--no-maglev')
setFlagsFromString('--no-opt')
await import('./this-process.ts')
