import { startAws } from './aws-process.ts'
import { sshEvent } from './events.ts'
import { groupId } from './security-groups.ts'
import { mkdirSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
const aws = await startAws()
const n = Number(process.argv[2])
mkdirSync('/tmp/reh', { recursive: true })
writeFileSync('/tmp/reh/rectify.yaml', 'version: 1\nrules:\n  - mode: auto\n')
writeFileSync('/tmp/reh/events.ndjson', Array.from({ length: n }, (_, i) => sshEvent(groupId(i))).join('\n') + '\n')
await aws.reset({ groups: n, delayMs: 0 })
const c = spawn('/usr/bin/time', ['-f', '%e s %U+%S cpu %M kB', process.execPath, '--disable-warning=ExperimentalWarning', ...process.argv.slice(3), '/work/main/src/cli/main.ts', 'rehearse', 'events.ndjson', '--csv', 'out'], { cwd: '/tmp/reh', env: { ...process.env, AWS_ENDPOINT_URL: aws.endpoint, AWS_ACCESS_KEY_ID: 'AKIABENCH', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'us-east-1', NODE_COMPILE_CACHE: '/tmp/cc' }, stdio: ['ignore', 'ignore', 'inherit'] })
await once(c, 'exit')
aws.stop()
