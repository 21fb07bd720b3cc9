import { expect } from "chai";
import { notYetKnown } from "../../../lib/rule";
import { type StorePlace, storeFamilies } from "../../../lib/stores";
import { isAwsHost, regionOfEndpoint } from "../../../lib/stores/s3/s3-endpoint";
import { resolveS3Target, s3ServiceAt, s3TargetIssues } from "../../../lib/stores/s3/s3-target";

const said = (target: object) => s3TargetIssues(target).map(({ path, message }) => `${path} ${message}`);

describe("a bucket's name in S3", () => {
    for (const bucket of ["logs", "my.logs.2026", "0-1", "a".repeat(63), "logs--use1-az4--x-s3"]) {
        it(`accepts ${bucket}`, () => expect(said({ bucket })).to.deep.equal([]));
    }
    for (const [bucket, reason] of [
        ["ab", "has a length of 2"],
        ["a".repeat(64), "has a length of 64"],
        ["192.168.5.4", "is an IP address"],
        ["My_Logs", 'did you mean "my-logs"?'],
        ["logs..old", "single dots"],
        ["-logs", "no letter or digit at an end"],
        ["logs/../other", "has other characters"],
        ["arn:aws:s3:::logs", "is an ARN"],
    ]) {
        it(`rejects ${bucket}`, () => {
            const [issue, ...others] = said({ bucket });
            expect(others).to.deep.equal([]);
            expect(issue)
                .to.match(/^bucket /)
                .and.include(reason);
        });
    }
});

describe("an endpoint of S3", () => {
    for (const [endpoint, reason] of [
        ["http://s3.example.com", 'write "https://s3.example.com"'],
        ["http://192.168.1.4:9000", "loopback only"],
        ["ftp://s3.example.com", "has the scheme ftp"],
        ["https://key:secret@s3.example.com", "an endpoint must not contain credentials"],
        ["https://s3.example.com/?X-Amz-Signature=abc", "a query or fragment"],
        ["https://s3。example.com", 'its name is "s3.example.com"'],
        ["two words", "is not a URL"],
        ["https://logs.s3.eu-central-1.amazonaws.com", "begins with the bucket's name"],
        ["https://s3.oss-cn-hangzhou.aliyuncs.com", "offers no bucket encryption over the S3 API"],
        ["oss-cn-hangzhou.aliyuncs.com", 'omit `store`, or set it to "oss"'],
    ] as const) {
        it(`rejects ${endpoint}`, () => {
            const [issue, ...others] = said({ bucket: "logs", endpoint });
            expect(others).to.deep.equal([]);
            expect(issue)
                .to.match(/^endpoint /)
                .and.include(reason);
            expect(issue).not.to.include("secret").and.not.include("abc");
        });
    }

    it("may be plain HTTP on loopback, have a path, and leave out the scheme", () => {
        for (const endpoint of ["http://127.0.0.1:9000", "http://localhost", "http://[::1]:1", "minio.example/s3"])
            expect(said({ bucket: "logs", endpoint })).to.deep.equal([]);
    });

    it("is AWS's only by its whole name, since customers have servers below the same domain", () => {
        for (const host of [
            "s3.amazonaws.com",
            "s3.eu-central-1.amazonaws.com",
            "s3-fips.us-gov-west-1.amazonaws.com",
            "s3.dualstack.eu-west-1.amazonaws.com",
            "s3.cn-north-1.amazonaws.com.cn",
            "s3.eusc-de-east-1.amazonaws.eu",
            "bucket.vpce-1a2b3c4d-5e6f.s3.us-east-1.vpce.amazonaws.com",
            "s3-us-west-2.amazonaws.com",
        ]) {
            expect(isAwsHost(host), host).to.equal(true);
        }
        for (const host of [
            "s3-1234567890.us-east-1.elb.amazonaws.com",
            "ec2-1-2-3-4.compute-1.amazonaws.com",
            "s3.amazonaws.com.example.com",
            "s3.example.com",
            "mys3.amazonaws.com",
            "amazonaws.com",
            "127.0.0.1",
        ]) {
            expect(isAwsHost(host), host).to.equal(false);
        }
    });

    it("names its region where it is AWS's", () => {
        expect(regionOfEndpoint("s3.eu-central-1.amazonaws.com")).to.equal("eu-central-1");
        expect(regionOfEndpoint("s3.amazonaws.com")).to.equal(undefined);
        expect(regionOfEndpoint("s3.eu-central-1.example.com")).to.equal(undefined);
    });
});

describe("a service of S3", () => {
    const other = "https://minio.example.com/s3";
    for (const [service, places] of Object.entries({
        AWS: [
            {},
            { region: "eu-west-1" },
            { endpoint: "s3.eu-west-1.amazonaws.com" },
            { endpoint: "s3.amazonaws.com" },
        ],
        "AWS cn": [{ region: "cn-north-1" }, { endpoint: "s3.cn-north-1.amazonaws.com.cn" }],
        "AWS us-gov": [{ region: "us-gov-west-1" }, { endpoint: "https://s3.us-gov-west-1.amazonaws.com" }],
        [other]: [{ endpoint: other }, { endpoint: "MINIO.example.com:443/s3/", region: "cn-north-1" }],
        "http://minio": [{ endpoint: "http://minio" }],
    }))
        it(`has one name for every way to it: ${service}`, () =>
            expect(new Set(places.map(s3ServiceAt))).to.deep.equal(new Set([service])));
});

describe("a region of S3", () => {
    it("rejects what has no region's shape, and suggests one", () => {
        expect(said({ region: "eu_central_1" })).to.deep.equal([
            'region "eu_central_1" is not a region such as "eu-central-1"; did you mean "eu-central-1"?',
        ]);
        expect(said({ region: "eu-central-1a" })[0]).to.include('did you mean "eu-central-1"?');
        expect(said({ region: "cn-hangzhou" })[0]).to.include("is not a region");
    });

    it("may have any name at another service's endpoint", () => {
        for (const region of ["garage", "default", "eu"])
            expect(said({ region, endpoint: "https://s3.example.com" })).to.deep.equal([]);
    });

    it("rejects another one than the endpoint's", () => {
        const endpoint = "https://s3.eu-central-1.amazonaws.com";
        expect(said({ region: "eu-west-1", endpoint })[0]).to.include("remove one of the two");
    });
});

describe("an S3 target", () => {
    it("rejects every fault at once", () => {
        expect(
            s3TargetIssues({ bucket: "A", region: "?", endpoint: "http://example.com" }).map(({ path }) => path),
        ).to.have.members(["bucket", "region", "endpoint"]);
        expect(said({ bucket: 1, region: null, endpoint: [] })).to.have.length(3);
    });

    it("accepts values that are not known yet", () => {
        expect(s3TargetIssues({ bucket: notYetKnown, region: notYetKnown, endpoint: notYetKnown })).to.deep.equal([]);
    });

    for (const [declared, resolved] of [
        [{}, { region: undefined, endpoint: undefined, forcePathStyle: false, deletionIsSafe: true }],
        [
            { endpoint: "https://s3.eu-west-1.amazonaws.com/" },
            {
                region: "eu-west-1",
                endpoint: "https://s3.eu-west-1.amazonaws.com",
                forcePathStyle: false,
                deletionIsSafe: true,
            },
        ],
        [
            { endpoint: "http://127.0.0.1:9000" },
            {
                region: "us-east-1",
                endpoint: "http://127.0.0.1:9000",
                forcePathStyle: true,
                deletionIsSafe: false,
            },
        ],
        [
            { endpoint: "minio.example", region: "eu", deletionIsSafe: true, forcePathStyle: true },
            { region: "eu", endpoint: "https://minio.example", forcePathStyle: true, deletionIsSafe: true },
        ],
    ] as [StorePlace, object][]) {
        it(`is completed from ${JSON.stringify(declared)}`, () => {
            expect(resolveS3Target(declared)).to.deep.equal(resolved);
        });
    }

    it("rejects completing a faulty one", () => {
        expect(() => resolveS3Target({ endpoint: "http://example.com" }))
            .to.throw("loopback only")
            .with.property("kind", "invalid-target");
    });

    it("has a rule without any write only where AWS answers", () => {
        const { s3 } = storeFamilies;
        expect(s3.capabilities().serviceRule).to.deep.equal({ sseAlgorithm: "AES256" });
        expect(s3.capabilities({ endpoint: "https://s3.amazonaws.com" }).serviceRule?.sseAlgorithm).to.equal("AES256");
        expect(s3.capabilities({ endpoint: "https://minio.example" }).serviceRule).to.equal(undefined);
        expect(s3.capabilities({ endpoint: notYetKnown }).sseAlgorithms).to.include("KMS_DSSE");
    });
});
