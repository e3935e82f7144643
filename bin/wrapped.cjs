#!/usr/bin/env node
'use strict';

// DuckDB's client runs queries on libuv's pool, and loading an ES module starts that pool: its size has to be set before.
process.env.UV_THREADPOOL_SIZE ??= '16';

import('../dist/js/main.js').then(
  ({ main }) => main(process.argv),
  (error) => {
    console.error(
      error.code === 'ERR_MODULE_NOT_FOUND' ? `${error.message}\nBuild it first: npm run build` : error,
    );
    process.exitCode = 2;
  },
);
