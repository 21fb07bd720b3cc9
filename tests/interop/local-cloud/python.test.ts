import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import { twoAccounts } from "../../local-cloud/core-under-test";
import { needed } from "../needed-tool";
import { pythonWith, runScript } from "../python-environment";

const noRule = [404, "NoSuchServerSideEncryptionRule", "0005-00000004"];
const mismatchText = { v1: "0002-00000040", v4: "0002-00000201" };

describe("official SDKs for Python", function () {
    this.timeout(10 * 60_000);
    let python: string;
    let cloud: LocalCloud;

    before(async function () {
        python = await needed(this, () => pythonWith(path.join(__dirname, "requirements.txt")));
    });

    beforeEach(async () => {
        cloud = await LocalCloud.start({ accounts: twoAccounts });
    });

    afterEach(() => cloud?.stop());

    /** What oss2 has to see, put together from the sheet and the documentation. */
    function seenByOss2(mismatch: string) {
        return {
            created: 200,
            listed: ["photos"],
            info: ["photos", "oss-cn-hangzhou", "IA", "private", null],
            location: "oss-cn-hangzhou",
            acl: "private",
            noRule: noRule,
            put: 200,
            got: ["AES256", null, null],
            deleted: 204,
            afterDelete: noRule,
            kms: ["KMS", "key-1", "SM4"],
            infoRule: ["KMS", "key-1", "SM4"],
            keyWithoutKms: [400, "InvalidArgument", "0005-00000204"],
            object: ["KMS", "key-1", "SM4"],
            head: [5, "text/plain", "me", ["KMS", "key-1", "SM4"]],
            content: "hello",
            ownEncryption: ["SM4", null, null],
            chunked: 200,
            objects: [
                ["chunked", 2],
                ["dir/a b+%\u00fc.txt", 5],
                ["own", 0],
            ],
            appended: [3, 6],
            parts: [1, 2],
            uploads: ["big"],
            multipart: ["aaend", true],
            listV1: ["big", "chunked", "copy", "dir/a b+%\u00fc.txt", "log", "own"],
            tags: { team: "a&b" },
            byTag: ["photos"],
            newAcl: "public-read",
            stat: [6, 0],
            batchDeleted: ["big", "copy", "log"],
            notEmpty: [409, "BucketNotEmpty", "0015-00000301"],
            noObject: [404, "NoSuchKey", "0026-00000001"],
            noObjectHead: [404, "NoSuchKey", "0026-00000001"],
            neverVersioned: null,
            checksum: [true, true],
            marker: [true, [404, "NoSuchKey"]],
            oldVersion: "one",
            copiedVersion: "one",
            versions: [3, 1],
            removed: 204,
            noBucket: [404, "NoSuchBucket", "0015-00000101"],
            wrongSecretAndNoBucket: [404, "NoSuchBucket", "0015-00000101"],
            wrongSecret: [403, "SignatureDoesNotMatch", mismatch],
            notImplemented: [501, "NotImplemented", ""],
        };
    }

    for (const version of ["v1", "v4"] as const) {
        it(`serves oss2 with ${version}: buckets, the documented flow of a bucket's encryption, objects, errors`, async () => {
            const seen = await runScript(python, path.join(__dirname, "oss2_flow.py"), [cloud.url, version, "photos"]);
            expect(seen).to.deep.equal(seenByOss2(mismatchText[version]));
            expect(cloud.bucketNames()).to.deep.equal([]);
        });

        it(`serves oss2 with ${version} and a security token`, async () => {
            const issued = cloud.issueTemporaryCredentials({ expiresAt: new Date(Date.now() + 3_600_000) });
            const keys = [issued.securityToken, issued.accessKeyId, issued.accessKeySecret];
            const seen = await runScript(python, path.join(__dirname, "oss2_flow.py"), [
                cloud.url,
                version,
                "photos",
                ...keys,
            ]);
            // Without its token the temporary key is unknown.
            const wrongSecret = [403, "InvalidAccessKeyId", "0002-00000902"];
            expect(seen).to.deep.equal({ ...seenByOss2(""), wrongSecret });
        });

        it(`serves oss2 with ${version} as its HTTP proxy, under the names of the real service`, async () => {
            const script = [
                path.join(__dirname, "oss2_flow.py"),
                "http://oss-cn-hangzhou.aliyuncs.com",
                version,
                "photos",
            ];
            const seen = await runScript(python, script[0] ?? "", script.slice(1), { HTTP_PROXY: cloud.url });
            expect(seen).to.deep.equal(seenByOss2(mismatchText[version]));
        });

        it(`serves alibabacloud-oss-v2 with ${version}: buckets, their encryption, objects, errors`, async () => {
            const seen = await runScript(python, path.join(__dirname, "oss_v2_flow.py"), [
                cloud.url,
                version,
                "photos",
            ]);
            expect(seen).to.deep.equal({
                created: 200,
                exists: [true, false],
                listed: [["photos", "cn-hangzhou"]],
                info: ["photos", "oss-cn-hangzhou", "IA", "ZRS", "None"],
                location: "oss-cn-hangzhou",
                noRule: noRule,
                put: 200,
                got: ["KMS", "key-1", "SM4"],
                badAlgorithm: [400, "InvalidEncryptionAlgorithmError", "0005-00000003"],
                deleted: 204,
                afterDelete: noRule,
                object: [200, "SM4"],
                head: [5, "SM4"],
                content: "hello",
                objects: [["dir/a b+%\u00fc.txt", 5]],
                noObjectHead: [404, "NoSuchKey", "0026-00000001"],
                wrongSecret: [403, "SignatureDoesNotMatch", mismatchText[version]],
                // V1 signs no region.
                wrongRegion: version === "v4" ? [400, "InvalidArgument", "0002-00000226"] : "no error",
                removed: 204,
                noBucket: [404, "NoSuchBucket", "0015-00000101"],
            });
        });
    }
});
