#!/usr/bin/env bash
# Mutation testing of lib/rule, lib/declaration and lib/lifecycle, in a copy of the repository, with Node 22 or later. Arguments go to Stryker.
# The copy has mocha 11, since Stryker's runner doesn't know the files of mocha 12 yet.
set -euo pipefail
cd "$(dirname "$0")/../.."
copy=node_modules/.cache/mutation
mkdir -p "$copy"
rm -rf "$copy"/lib "$copy"/tests "$copy"/docs
cp -R lib tests docs package.json package-lock.json .npmrc tsconfig*.json "$copy/"
cd "$copy"
npm ci --ignore-scripts --silent
npm install --no-save --ignore-scripts --silent mocha@11 @stryker-mutator/core@10.0.0 @stryker-mutator/mocha-runner@10.0.0
npx stryker run tests/mutation/stryker.config.mjs "$@"
