import { startAws } from './aws-process.ts'
import { coldStart } from './cold-start.ts'
import { coldStart as c2 } from './.cold2.ts'
const aws = await startAws()
try {
  for (let i=0;i<1;i++) {
  console.log('none', JSON.stringify(await c2(aws, process.argv[2]!, 2))) }
} finally { aws.stop() }
