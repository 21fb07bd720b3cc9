import { homedir, tmpdir } from "node:os";
import path from "node:path";

/** Where this user's processes keep what they can make again. */
export function cacheFolder({ XDG_CACHE_HOME, HOME = homedir() }: NodeJS.ProcessEnv): string {
    const base = XDG_CACHE_HOME ?? (HOME === "" ? tmpdir() : path.join(HOME, ".cache"));
    return path.join(base, "pulumi-bucket-encryption");
}
