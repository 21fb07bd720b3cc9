import { quoted } from "../../rule";
import { suggestion } from "../shared/target-issues";

const bucketNameShape = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/**
 * Says what is wrong with a bucket name, or nothing when a bucket can have it.
 * Source: https://help.aliyun.com/en/oss/user-guide/bucket-naming-conventions
 */
export function bucketNameFault(name: string): string | undefined {
    if (bucketNameShape.test(name)) return undefined;
    const subject = `the bucket name ${quoted(name, 63)}`;
    if (name.length < 3 || name.length > 63) {
        return `${subject} has a length of ${name.length}; allowed are 3 to 63 characters`;
    }
    if (/^[a-z0-9-]+$/.test(name)) {
        return `${subject} begins or ends with a hyphen; allowed there are lower-case letters and digits`;
    }
    const meant = name.trim().toLowerCase().replaceAll(/[_. ]/g, "-");
    return `${subject} holds other characters than lower-case letters, digits and hyphens${suggestion(meant, bucketNameShape)}`;
}
