#!/usr/bin/env node
'use strict';
// Runs main.js with the code that V8 compiled when it was built: on a short run, compiling costs more than everything else.
// V8 refuses a cache of another version of itself, and compiles then.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const filename = join(__dirname, 'main.js');
const source = readFileSync(filename, 'latin1');
const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
  filename,
  cachedData: readCache(),
});
script.runInThisContext()(exports, require, module, filename, __dirname);
module.exports.script = script;

function readCache() {
  try {
    return readFileSync(join(__dirname, 'main.cache'));
  } catch {
    return undefined;
  }
}
