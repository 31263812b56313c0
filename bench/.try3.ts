import { startAws } from './aws-process.ts'
import { coldStart } from './cold-start.ts'
const aws = await startAws()
try { for (let i=0;i<2;i++) for (const f of process.argv.slice(2)) console.log(f, JSON.stringify(await coldStart(aws, f, 8))) } finally { aws.stop() }
