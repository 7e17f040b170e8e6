#!/usr/bin/env node
'use strict';
// Runs main.js, and the files beside it that it asks for, with the code that V8 compiled when they were built: on a short
// run, compiling costs more than everything else. V8 refuses a cache of another version of itself, and compiles then.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const scripts = new Map();
const loaded = new Map();

/** Like `require`, for the files beside this one. */
function load(name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const filename = join(__dirname, `${name}.js`);
  const source = readFileSync(filename, 'latin1');
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename,
    cachedData: readCache(name),
  });
  const own = { exports: {} };
  scripts.set(name, script);
  loaded.set(name, own);
  script.runInThisContext()(own.exports, (id) => (id.startsWith('./') ? load(id.slice(2, -3)) : require(id)), own, filename, __dirname);
  return own.exports;
}

function readCache(name) {
  try {
    return readFileSync(join(__dirname, `${name}.cache`));
  } catch {
    return undefined;
  }
}

module.exports = { load, scripts };
load('main');
