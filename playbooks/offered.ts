import type { Collection } from '../src/playbook/service/collection.ts'
import { heads } from './heads.ts'
import * as all from './services.ts'

/** What Rectify brings, as the program and the functions take it: a playbook is loaded when something of it is asked for. */
export const offered: Collection = { playbooks: heads, services: Object.values(all) }
