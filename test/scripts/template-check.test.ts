import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'

const CHECK = resolve(import.meta.dirname, '../../scripts/template-check.mjs')

/** A function on a queue, as SAM writes it; the translation is what Lambda gets. */
const template = (response: string, concurrency: number) => `
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Description: A function on a queue
Resources:
  Queue:
    Type: AWS::SQS::Queue
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://bucket/code.zip
      Handler: index.handler
      Runtime: nodejs24.x
      Events:
        Work:
          Type: SQS
          Properties:
            Queue: !GetAtt Queue.Arn
            FunctionResponseTypes: [${response}]
            ScalingConfig:
              MaximumConcurrency: ${concurrency}
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rectify-template-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function check(text: string) {
  const path = join(folder, 'template.yaml')
  writeFileSync(path, text)
  const { status, stdout } = spawnSync(process.execPath, [CHECK, path], { encoding: 'utf8' })
  return { status, stdout }
}

test('what SAM generates is looked into: a misspelt answer, and fewer runs at a time than Lambda takes', () => {
  const { status, stdout } = check(template('ReportBatchItemFailure', 1))
  expect(status).not.toBe(0)
  expect(stdout).toMatch(/E3030 'ReportBatchItemFailure' is not one of/)
  expect(stdout).toMatch(/E3034 1 is less than the minimum of 2/)
})

test('and has nothing to be said against it where it is right', () => {
  const { status, stdout } = check(template('ReportBatchItemFailures', 2))
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: expect.stringContaining('nothing to complain about'),
  })
})
