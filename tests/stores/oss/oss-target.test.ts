import { expect } from "chai";
import fc from "fast-check";
import { UserError } from "../../../lib/errors";
import { ossStoreFamily } from "../../../lib/stores/oss/oss-store-family";
import { requestAddress, resolveOssTarget } from "../../../lib/stores/oss/oss-target";

const issuesOf = (target: Parameters<typeof ossStoreFamily.validateTarget>[0]) => ossStoreFamily.validateTarget(target);

function messageOf(target: Parameters<typeof ossStoreFamily.validateTarget>[0]): string {
    const issues = issuesOf(target);
    expect(issues).to.have.length(1);
    return issues[0]?.message ?? "";
}

describe("an OSS target's validation", () => {
    it("accepts an empty target, since the caller knows what is required", () => {
        expect(issuesOf({})).to.deep.equal([]);
    });

    for (const endpoint of [
        "https://oss-cn-hangzhou.aliyuncs.com",
        "https://oss-cn-hangzhou.aliyuncs.com/",
        "oss-cn-hangzhou.aliyuncs.com",
        "oss-cn-hangzhou-internal.aliyuncs.com",
        "cn-hangzhou.oss.aliyuncs.com",
        "vpc100-oss-cn-hangzhou.aliyuncs.com",
        "oss-accelerate.aliyuncs.com",
        "oss-accelerate-overseas.aliyuncs.com",
        "oss.files.example.com:8443",
        "https://192.0.2.7",
        "http://127.0.0.1:9000",
        "http://127.1.2.3:9000",
        "http://[::1]:9000",
        "http://localhost:9000",
    ]) {
        it(`accepts the endpoint ${endpoint}`, () => {
            expect(issuesOf({ bucket: "logs", region: "cn-hangzhou", endpoint })).to.deep.equal([]);
        });
    }

    it("rejects each faulty part at once, with its path", () => {
        const issues = issuesOf({ bucket: "Logs", region: "oss-cn-hangzhou", endpoint: "http://oss.example.com" });
        expect(issues.map(({ path, code }) => [path, code])).to.deep.equal([
            ["bucket", "malformed"],
            ["region", "malformed"],
            ["endpoint", "not-allowed"],
        ]);
    });

    it("rejects values that are not strings", () => {
        const issues = issuesOf({ bucket: 7, region: null, endpoint: ["x"] });
        expect(issues.map(({ path, code, message }) => `${path} ${code} ${message}`)).to.deep.equal([
            "bucket wrong-type must be a string; found a value of type number",
            "region wrong-type must be a string; found null",
            "endpoint wrong-type must be a string; found an array",
        ]);
    });

    for (const [bucket, said] of [
        ["", "has a length of 0"],
        ["ab", "has a length of 2"],
        ["a".repeat(64), "has a length of 64"],
        ["My_Bucket", 'did you mean "my-bucket"?'],
        ["logs.2026", 'did you mean "logs-2026"?'],
        [" logs-2026\n", 'did you mean "logs-2026"?'],
        ["logs/../other", "other characters"],
        ["büro", '"büro" (with U+00FC) holds other characters'],
        ["\u0430rchive", "(with U+0430) holds other characters"],
        ["-logs", "begins or ends with a hyphen"],
        ["logs-", "begins or ends with a hyphen"],
    ] as const) {
        it(`rejects the bucket name ${JSON.stringify(bucket.slice(0, 20))}`, () => {
            expect(messageOf({ bucket })).to.include(said);
        });
    }

    for (const [region, meant] of [
        ["oss-cn-hangzhou", "cn-hangzhou"],
        ["cn-beijing-internal", "cn-beijing"],
        ["CN-Hangzhou", "cn-hangzhou"],
        ["cn_hangzhou", "cn-hangzhou"],
        ["https://oss-ap-southeast-1-internal.aliyuncs.com", "ap-southeast-1"],
        ["cn-hangzhou.oss.aliyuncs.com", "cn-hangzhou"],
    ] as const) {
        it(`rejects the region ${region} and suggests ${meant}`, () => {
            expect(messageOf({ region })).to.include(`did you mean "${meant}"?`);
        });
    }

    it("rejects a region with a character that looks like another, and names it", () => {
        expect(messageOf({ region: "cn\u2011hangzhou" })).to.equal(
            '"cn\u2011hangzhou" (with U+2011) is not a region id such as "cn-hangzhou"',
        );
    });

    it("rejects a region that resembles none, without a suggestion", () => {
        expect(messageOf({ region: "beijing" })).to.equal('"beijing" is not a region id such as "cn-hangzhou"');
        expect(messageOf({ region: "" })).to.include("is not a region id");
    });

    for (const [endpoint, said] of [
        ["", "is not a URL"],
        ["https://", "is not a URL"],
        ["https://oss cn.example.com", "is not a URL"],
        ["https://exa\\mple.com", "is not a URL"],
        ["https://host:99999", "is not a URL"],
        ["//oss-cn-hangzhou.aliyuncs.com", "is not a URL"],
        ["https://oss-cn-hangzhou.aliyuncs.com\u0007", "is not a URL"],
        [
            "https://\u043ess-cn-hangzhou.aliyuncs.com",
            'host "\u043ess-cn-hangzhou.aliyuncs.com" (with U+043E) has other characters than ASCII; its name is "xn--ss-cn-hangzhou-uzl.aliyuncs.com"',
        ],
        ["https://oss\u200b-cn-hangzhou.aliyuncs.com", "is not a URL"],
        ["ftp://oss-cn-hangzhou.aliyuncs.com", "allowed is https"],
        ["https://oss-cn-hangzhou.aliyuncs.com/path", "path, query or fragment"],
        ["https://oss-cn-hangzhou.aliyuncs.com?", "path, query or fragment"],
        ["https://oss-cn-hangzhou.aliyuncs.com#x", "path, query or fragment"],
        ["http://oss-cn-hangzhou.aliyuncs.com", 'write "https://oss-cn-hangzhou.aliyuncs.com"'],
        ["http://0.0.0.0:9000", "plain HTTP"],
        ["http://192.168.0.1:9000", "plain HTTP"],
        ["http://localhost.example.com", "plain HTTP"],
        ["http://127.0.0.1.example.com", "plain HTTP"],
        ["https://s3.oss-cn-hangzhou.aliyuncs.com", "speaks the S3 protocol"],
        ["https://other.oss-cn-hangzhou.aliyuncs.com", 'write "https://oss-cn-hangzhou.aliyuncs.com"'],
        ["https://other.cn-hangzhou.oss.aliyuncs.com", 'write "https://cn-hangzhou.oss.aliyuncs.com"'],
        ["https://other.oss-accelerate.aliyuncs.com", 'write "https://oss-accelerate.aliyuncs.com"'],
        ["https://logs.files.example.com:8443", 'write "https://files.example.com:8443"'],
    ] as const) {
        it(`rejects the endpoint ${JSON.stringify(endpoint)}`, () => {
            const issues = issuesOf({ bucket: "logs", region: "cn-hangzhou", endpoint });
            expect(issues.map(({ path }) => path)).to.deep.equal(["endpoint"]);
            expect(issues[0]?.message).to.include(said);
        });
    }

    it("rejects an endpoint with a password or a signed query without repeating either", () => {
        for (const endpoint of [
            "https://user:xyzzy@oss-cn-hangzhou.aliyuncs.com",
            "https://oss-cn-hangzhou.aliyuncs.com/?x-oss-signature=xyzzy",
            "https://user:x yz:xyzzy@host",
        ]) {
            expect(messageOf({ endpoint }), endpoint)
                .to.include("the endpoint")
                .and.not.to.match(/xyzzy|user:|x yz/);
        }
    });

    it("rejects a region that is not the endpoint's", () => {
        const issues = issuesOf({ region: "cn-shanghai", endpoint: "oss-cn-hangzhou-internal.aliyuncs.com" });
        expect(issues).to.have.length(1);
        expect(issues[0]).to.include({ code: "conflicting", path: "region" });
        expect(issues[0]?.message).to.include('"cn-shanghai"').and.include('"cn-hangzhou"');
    });

    it("accepts every region at the finance cloud's endpoints, which do not name regions", () => {
        expect(issuesOf({ region: "cn-hangzhou-finance", endpoint: "oss-cn-hzfinance.aliyuncs.com" })).to.deep.equal(
            [],
        );
        expect(issuesOf({ region: "cn-shenzhen-finance-1", endpoint: "oss-cn-szfinance.aliyuncs.com" })).to.deep.equal(
            [],
        );
    });

    it("never throws for any text", () => {
        const part = fc.oneof(fc.string({ unit: "binary" }), fc.webUrl({ withQueryParameters: true }), fc.domain());
        fc.assert(
            fc.property(part, part, part, (bucket, region, endpoint) => {
                for (const { path, message } of issuesOf({ bucket, region, endpoint })) {
                    expect(path).to.be.oneOf(["bucket", "region", "endpoint"]);
                    expect(message).not.to.match(/\.$/);
                }
            }),
        );
    });
});

describe("resolving an OSS target", () => {
    for (const [given, region, endpoint] of [
        [{ region: "cn-hangzhou" }, "cn-hangzhou", "https://oss-cn-hangzhou.aliyuncs.com"],
        [{ endpoint: "oss-cn-beijing.aliyuncs.com" }, "cn-beijing", "https://oss-cn-beijing.aliyuncs.com"],
        [
            { endpoint: "oss-us-west-1-internal.aliyuncs.com" },
            "us-west-1",
            "https://oss-us-west-1-internal.aliyuncs.com",
        ],
        [{ endpoint: "cn-hangzhou.oss.aliyuncs.com" }, "cn-hangzhou", "https://cn-hangzhou.oss.aliyuncs.com"],
        [
            { region: "eu-central-1", endpoint: "oss-accelerate.aliyuncs.com" },
            "eu-central-1",
            "https://oss-accelerate.aliyuncs.com",
        ],
        [
            { region: "cn-hangzhou-finance", endpoint: "oss-cn-hzfinance.aliyuncs.com" },
            "cn-hangzhou-finance",
            "https://oss-cn-hzfinance.aliyuncs.com",
        ],
        [{ region: "cn-hangzhou", endpoint: "http://127.0.0.1:9000" }, "cn-hangzhou", "http://127.0.0.1:9000"],
    ] as const) {
        it(`completes ${JSON.stringify(given)}`, () => {
            expect(resolveOssTarget(given)).to.deep.equal({ region, endpoint });
        });
    }

    for (const [given, said] of [
        [{}, "neither `region` nor `endpoint` is given"],
        [{ endpoint: "http://127.0.0.1:9000" }, "does not name its region, and `region` is not given"],
        [{ endpoint: "oss-accelerate.aliyuncs.com" }, "does not name its region, and `region` is not given"],
        [{ endpoint: "oss-cn-hzfinance.aliyuncs.com" }, "does not name its region, and `region` is not given"],
        [{ region: "cn-hangzhou-finance" }, "`endpoint`: is required"],
        [{ region: "oss-cn-hangzhou" }, 'did you mean "cn-hangzhou"?'],
    ] as const) {
        it(`rejects ${JSON.stringify(given)}`, () => {
            expect(() => resolveOssTarget(given))
                .to.throw(UserError, said)
                .with.property("kind", "invalid-target");
        });
    }
});

describe("addressing a bucket", () => {
    const addressAt = (endpoint: string) => requestAddress({ region: "cn-hangzhou", endpoint }, "logs");

    it("puts the bucket in front of a domain name", () => {
        expect(addressAt("https://oss-cn-hangzhou.aliyuncs.com")).to.deep.equal({
            protocol: "https:",
            hostname: "logs.oss-cn-hangzhou.aliyuncs.com",
            port: "",
            path: "/",
        });
        expect(addressAt("https://files.example.com:8443")).to.include({
            hostname: "logs.files.example.com",
            port: "8443",
        });
    });

    it("puts the bucket into the path of an IP address and of localhost", () => {
        for (const [endpoint, hostname] of [
            ["http://127.0.0.1:9000", "127.0.0.1"],
            ["http://[::1]:9000", "::1"],
            ["http://localhost:9000", "localhost"],
            ["https://192.0.2.7:9000", "192.0.2.7"],
        ] as const) {
            expect(addressAt(endpoint)).to.include({ hostname, port: "9000", path: "/logs/" });
        }
    });

    it("rejects a bucket name that would change the host or the path", () => {
        for (const bucket of ["evil.example.com/", "a/../b", "logs?acl", "logs#", "", "UPPER"]) {
            expect(() => requestAddress({ region: "cn-hangzhou", endpoint: "https://oss.example.com" }, bucket))
                .to.throw(UserError)
                .with.property("kind", "invalid-target");
        }
    });

    it("keeps a bucket name that URL parsing would take for a coded domain name", () => {
        const { hostname } = requestAddress({ region: "cn-hangzhou", endpoint: "https://oss.example.com" }, "xn--zz");
        expect(hostname).to.equal("xn--zz.oss.example.com");
    });
});
