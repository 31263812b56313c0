/**
 * What those who write playbooks import, as `rectify/playbook`: how a playbook, a setting and a service are defined, what
 * they are given and what they give. Nothing else of Rectify is promised to stay as it is.
 *
 * @example
 * import { call, config, defineSetting, ec2 } from 'rectify/playbook'
 *
 * @module rectify/playbook
 */

/** The schema library in its small form, in which parameters are described. */
export * as z from 'zod/mini'
export * from '../playbooks/services.ts'
export type {
  Evidence,
  Finding,
  FindingResource,
  FindingStatus,
  Remote,
  Severity,
  Source,
} from './findings/finding.ts'
export { type AdviceDefinition, type AdviceState, defineAdvice } from './playbook/advice/define-advice.ts'
export {
  type ApiCall,
  call,
  type Input,
  type Operation,
  type Output,
  type ReadOperation,
  type Service,
} from './playbook/api.ts'
export { AwsError, type AwsErrorKind, isGone } from './playbook/aws-error.ts'
export { durationParameter } from './playbook/duration/duration-parameter.ts'
export { durationSeconds } from './playbook/duration/durations.ts'
export type { Json } from './playbook/json.ts'
export { type Manager, type ManagerKind, managedBy, managersOf } from './playbook/managed-by.ts'
export {
  accessAnalyzer,
  type Condition,
  cloudTrail,
  config,
  externalAccess,
  guardDuty,
  inspector,
  type Matcher,
  macie,
  prowler,
  securityHub,
  trustedAdvisor,
} from './playbook/matchers.ts'
export {
  type Address,
  canonicalCidr,
  inRanges,
  parseAddress,
} from './playbook/network/addresses.ts'
export { type Cut, type CutAt, type CutPeers, protocolNumber } from './playbook/network/cut.ts'
export { specialPurpose } from './playbook/network/special-addresses.ts'
export { WEB_PORTS } from './playbook/network/web-ports.ts'
export { type Impact, NO_IMPACT, type Plan } from './playbook/plan.ts'
export * from './playbook/playbook.ts'
export type { ArnPlace } from './playbook/resource/fill-arn.ts'
export { ANY_ID, ec2Ids, type IdForm, nameIds, withAccount } from './playbook/resource/resource-form.ts'
export {
  type Copies,
  defineCopies,
  type Making,
  making,
  picked,
  type ReadAnswer,
} from './playbook/service/copies.ts'
export { byFilter, byList, fieldsOf, idIn, type Joinable } from './playbook/service/joinable.ts'
export { type MoreOperations, moreOperations } from './playbook/service/more-operations.ts'
export {
  defineService,
  type ErrorCodes,
  type Page,
  type PageToken,
  type ServiceDefinition,
} from './playbook/service/service.ts'
export { defineSetting } from './playbook/setting/define-setting.ts'
export * from './playbook/setting/looks.ts'
export { ofTheAccount } from './playbook/setting/of-the-account.ts'
export type { InAccount, SettingDefinition, SettingState, Values } from './playbook/setting/setting.ts'
export * from './playbook/step.ts'
export { tagsIn } from './playbook/tags.ts'
