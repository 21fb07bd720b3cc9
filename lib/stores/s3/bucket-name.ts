import { isIP } from "node:net";
import { quoted } from "../../rule";
import { suggestion } from "../shared/target-issues";

const label = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
const bucketNameShape = new RegExp(`^${label}(?:\\.${label})*$`);

/**
 * Says what is wrong with a bucket name, or nothing when a bucket can have it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function bucketNameFault(name: string): string | undefined {
    const subject = `the bucket name ${quoted(name, 63)}`;
    if (name.startsWith("arn:")) return `${subject} is an ARN; give the bucket's own name`;
    if (name.length < 3 || name.length > 63)
        return `${subject} has a length of ${name.length}; allowed are 3 to 63 characters`;
    if (isIP(name) !== 0) return `${subject} is an IP address, which is not a bucket name`;
    if (bucketNameShape.test(name)) return undefined;
    const meant = name.toLowerCase().replaceAll(/[_ ]/g, "-");
    return `${subject} has other characters than lower-case letters, digits, hyphens and single dots, or no letter or digit at an end${suggestion(meant, bucketNameShape)}`;
}
