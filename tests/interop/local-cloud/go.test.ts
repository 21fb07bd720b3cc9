import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import { twoAccounts } from "../../local-cloud/core-under-test";
import { goProgram, runGo } from "../go-program";
import { needed } from "../needed-tool";

const mismatchText = { v1: "0002-00000040", v4: "0002-00000201" };

describe("official SDKs for Go", function () {
    this.timeout(7 * 60_000);
    let program: string;
    let cloud: LocalCloud;

    before(async function () {
        program = await needed(this, () => goProgram(path.join(__dirname, "go")));
    });

    beforeEach(async () => {
        cloud = await LocalCloud.start({ accounts: twoAccounts });
    });

    afterEach(() => cloud?.stop());

    for (const sdk of ["go1", "go2"] as const) {
        for (const version of ["v1", "v4"] as const) {
            it(`serves ${sdk === "go1" ? "aliyun-oss-go-sdk" : "alibabacloud-oss-go-sdk-v2"} with ${version}: buckets, encryption, tags, objects, errors`, async () => {
                expect(await runGo(program, [sdk, cloud.url, version, "photos"])).to.deep.equal({
                    exists: true,
                    // Both make an empty text of `None`.
                    info: ["photos", "oss-cn-hangzhou", "IA", ""],
                    noRule: [404, "NoSuchServerSideEncryptionRule", "0005-00000004"],
                    rule: ["KMS", "key-1", "SM4"],
                    tags: 1,
                    object: ["KMS", "key-1"],
                    content: "ell",
                    appended: 3,
                    objects: ["big", "copy", "dir/a b+%\u00fc.txt", "log"],
                    stat: [17, 4],
                    noBucket: [404, "NoSuchBucket", "0015-00000101"],
                    wrongSecretAndNoBucket: [404, "NoSuchBucket", "0015-00000101"],
                    wrongSecret: [403, "SignatureDoesNotMatch", mismatchText[version]],
                });
                expect(cloud.bucketNames()).to.deep.equal([]);
            });
        }
    }
});
