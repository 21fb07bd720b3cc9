/**
 * Says what is wrong with a bucket name, or nothing when a bucket can have it.
 * Source: https://help.aliyun.com/en/oss/user-guide/bucket-naming-conventions
 */
export function bucketNameFault(name: string): string | undefined {
    const given = `the bucket name ${JSON.stringify(name)}`;
    if (name.length < 3 || name.length > 63) return `${given} has ${name.length} characters; allowed are 3 to 63`;
    if (!/^[a-z0-9-]+$/.test(name)) {
        const meant = name.toLowerCase().replaceAll(/[_. ]/g, "-");
        return `${given} holds other characters than lower-case letters, digits and hyphens${
            bucketNameFault(meant) === undefined ? `; did you mean ${JSON.stringify(meant)}?` : ""
        }`;
    }
    if (name.startsWith("-") || name.endsWith("-")) {
        return `${given} begins or ends with a hyphen; allowed there are lower-case letters and digits`;
    }
    return undefined;
}
