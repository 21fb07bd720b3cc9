export { isFile, isFolder } from "./found-file";
export { type HeldLock, HolderLock, heldLocks, type LockKind } from "./holder-lock";
export { linkTarget, replaceFile, syncFolder } from "./replace-file";
export { isRunning, type ProcessIdentity, thisProcess } from "./running-process";
