#!/usr/bin/env -S node --disable-warning=ExperimentalWarning --max-semi-space-size=16
import { setFlagsFromString } from 'node:v8'

// Before any other file is read: see `compilers.ts`.
setFlagsFromString('--no-sparkplug')
setFlagsFromString('--no-maglev')
setFlagsFromString('--no-opt')
await import('./this-process.ts')
