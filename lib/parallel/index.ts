export { forEachInParallel, type ParallelOptions } from "./for-each-in-parallel";
