import { UserError } from "../../errors";

export type S3Library = typeof import("@aws-sdk/client-s3");

const name = "@aws-sdk/client-s3";

/**
 * The AWS SDK's S3 client. It is an optional peer: only a stack that uses S3 has it, and only such a stack loads it.
 * @param find returns the file of a package; from this package on, or else from where the process works
 * @throws UserError of kind `missing-package`
 */
export function s3Library(find: (name: string) => string = findPackage): S3Library {
    let file: string;
    try {
        file = find(name);
    } catch (cause) {
        const what = `A bucket of the store "s3" needs the package ${name}, which is not installed`;
        throw new UserError("missing-package", what, {}, { cause });
    }
    return require(file);
}

// A linked package sees its own folder's packages, and not those of the program that uses it.
function findPackage(wanted: string): string {
    return require.resolve(wanted, { paths: [__dirname, process.cwd()] });
}
