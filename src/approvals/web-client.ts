/**
 * Slack's own client, as a file to be loaded late. Imported late itself, a bundle gives its exports as `default` only: it
 * is a CommonJS package.
 */
export { LogLevel, WebClient } from '@slack/web-api'
