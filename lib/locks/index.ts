export { type HeldLock, HolderLock, heldLocks, type LockKind } from "./holder-lock";
export { isRunning, type ProcessIdentity, thisProcess } from "./running-process";
