/** What to do where Node.js is older than what is asked of it. */
export const NEWER_NODE = 'install one, or `npm install node@24` beside rectify, which npx then takes'
