export { type HeldLock, HolderLock, heldLocks, type LockKind } from "./holder-lock";
export { isFile, isFolder } from "./is-file";
export { makeFolder } from "./make-folder";
export { linkTarget, replaceFile, syncFolder } from "./replace-file";
export { isRunning, type ProcessIdentity, thisProcess } from "./running-process";
