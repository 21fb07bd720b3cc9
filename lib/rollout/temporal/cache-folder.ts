import { userInfo } from "node:os";
import path from "node:path";
import { writing } from "../../errors";
import { makeFolder } from "../../files";

/**
 * The folder for this user's bundles and converters, which any worker can make again. It is created if it is missing, for this user alone,
 * because code is loaded from it. A relative XDG_CACHE_HOME counts as not given.
 * Source: https://specifications.freedesktop.org/basedir-spec/latest/
 * @throws UserError `cache-folder-not-usable`
 */
export function cacheFolder({ XDG_CACHE_HOME = "", HOME }: NodeJS.ProcessEnv): string {
    const isGiven = path.isAbsolute(XDG_CACHE_HOME);
    const made = (): string => {
        const base = isGiven ? XDG_CACHE_HOME : path.resolve(HOME || userInfo().homedir, ".cache");
        const folder = path.join(base, "pulumi-bucket-encryption");
        makeFolder(folder, 0o700);
        return folder;
    };
    const place = isGiven ? XDG_CACHE_HOME : (HOME ?? "");
    return writing("cache-folder-not-usable", place, made, "The cache folder cannot be used");
}
