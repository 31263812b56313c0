import { startAws } from './aws-process.ts'
import { bundleRunner } from './runner-bundle.ts'
import { entrySize } from './bundle-size.ts'
import { coldStart } from './cold-start.ts'
const aws = await startAws()
const folder = process.argv[2]!
try {
  const { parts, ...size } = entrySize(await bundleRunner(folder), 'src/lambda/runner.ts')
  console.log(size, parts.slice(0,6))
  console.log(await coldStart(aws, folder, 10))
  console.log((await aws.seen()).calls.map(c=>c.operation).join(' '))
} finally { aws.stop() }
