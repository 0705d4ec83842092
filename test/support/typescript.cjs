// `node --require` this file and the process reads the TypeScript of src/ as the tests do.
const { transformFileSync } = require('@swc/core');
const { jest } = require('../../package.json');

const [, options] = jest.transform['\\.ts$'];
require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, options).code, file);
