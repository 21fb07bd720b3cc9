import { userInfo } from "node:os";
import path from "node:path";
import { writing } from "../../errors";
import { makeFolder } from "../../files";

/**
 * The folder in which this user's processes keep what they can make again. Nobody else writes there: code is loaded from it. It is made where
 * it is missing.
 * Source: https://specifications.freedesktop.org/basedir-spec/latest/, where a relative path counts as not given.
 * @throws UserError `cache-folder-not-usable`
 */
export function cacheFolder({ XDG_CACHE_HOME = "", HOME }: NodeJS.ProcessEnv): string {
    const isGiven = path.isAbsolute(XDG_CACHE_HOME);
    const use = <Result>(work: () => Result): Result =>
        writing(
            "cache-folder-not-usable",
            isGiven ? XDG_CACHE_HOME : (HOME ?? ""),
            work,
            "The cache folder cannot be used",
        );
    const base = isGiven ? XDG_CACHE_HOME : path.resolve(HOME || use(() => userInfo().homedir), ".cache");
    const folder = path.join(base, "pulumi-bucket-encryption");
    use(() => makeFolder(folder, 0o700));
    return folder;
}
