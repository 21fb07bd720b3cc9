import { expect } from "chai";
import { UserError } from "../../../lib/errors";
import { TurnFailure, turnFailure } from "../../../lib/rollout/temporal/worker/turn-failure";

describe("the report of a failed attempt to Temporal", () => {
    const environment = {
        PULUMI_CONFIG_PASSPHRASE: "planted passphrase",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "planted-secret",
        AWS_SESSION_TOKEN: "planted-secret-and-more",
        PATH: "/usr/bin",
        SHORT_SECRET: "abc",
    };

    for (const [kind, isPermanent] of [
        ["engine-unavailable", true],
        ["invalid-rollout-plan", true],
        ["access-denied", true],
        ["shared-place-failed", false],
        ["unreachable", false],
        ["throttled", false],
        ["service-unavailable", false],
    ] as const)
        it(`says that ${kind} ${isPermanent ? "fails for good" : "is tried again"}`, () => {
            const failure = turnFailure(new UserError(kind, "What went wrong"), environment);
            expect(failure).to.include({ kind, isPermanent });
            expect(failure.message).to.match(/^What went wrong\. /);
        });

    it("passes on the turn's own error, and treats any other as a permanent defect", () => {
        const own = new TurnFailure("held", "the stack is locked", false, 5000);
        expect(turnFailure(own, environment)).to.equal(own);
        expect(turnFailure(new TypeError("x is not a function"), environment)).to.include({
            kind: "defect",
            message: "x is not a function",
            isPermanent: true,
        });
    });

    it("masks the environment's secrets, the longer ones first, and cuts what is long", () => {
        const text = "planted passphrase, planted-secret-and-more, planted-secret in /usr/bin, abc";
        expect(turnFailure(new Error(text), environment).message).to.equal(
            "[secret], [secret], [secret] in /usr/bin, abc",
        );
        expect(turnFailure(new Error("x".repeat(5000)), environment).message).to.have.length(2001);
    });
});
