import type { AnyPlaybook } from '../src/playbook/playbook.ts'

/** Every playbook that Rectify knows. A new one is a file of its own and a line here. */
export const playbooks: readonly AnyPlaybook[] = []
