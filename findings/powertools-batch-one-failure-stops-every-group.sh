#!/usr/bin/env bash
# @aws-lambda-powertools/batch 2.35.0, FIFO processor with its defaults: one failing record ends the work on the whole
# batch, also on the records of other message groups, which are reported as failures without having been tried (and use
# up their receive counts). `skipGroupOnError: true` keeps it to the group.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund --loglevel=error @aws-lambda-powertools/batch@2.35.0 2>/dev/null
cat > probe.mjs <<'JS'
import { processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch'
const Records = ['A1', 'A2', 'B1', 'A3', 'B2'].map((id) => ({ messageId: id, body: id, eventSource: 'aws:sqs', attributes: { MessageGroupId: id[0] } }))
for (const options of [{}, { skipGroupOnError: true }]) {
  const tried = []
  const answer = await processPartialResponse({ Records }, async ({ messageId }) => {
    tried.push(messageId)
    if (messageId === 'A2') throw new Error('no')
  }, new SqsFifoPartialProcessorAsync(), { ...options, throwOnFullBatchFailure: false })
  console.log(`tried ${tried.join(' ')}; failed ${answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).join(' ')}`)
}
JS
seen=$(node probe.mjs 2>/dev/null)
echo "$seen"
[ "$seen" = 'tried A1 A2; failed A2 B1 A3 B2
tried A1 A2 B1 B2; failed A2 A3' ]
