import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { PassphraseSealer } from "../../../lib/engine/secrets/passphrase-sealer";
import { passphraseFromEnvironment } from "../../../lib/engine/secrets/passphrase-source";

/** From the CLI's own tests: pkg/secrets/passphrase/manager_test.go of pulumi/pulumi v3.247.0; the passphrase is "password". */
const cliSalt = "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==";

const failure = async (promise: Promise<unknown>): Promise<Error> =>
    await promise.then(
        () => expect.fail("did not fail"),
        (error: Error) => error,
    );

describe("the passphrase scheme", function () {
    this.timeout(20_000);

    it("decrypts what the CLI encrypted", async () => {
        const sealer = await PassphraseSealer.open(cliSalt, "password");
        expect(sealer.decrypt("v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==")).to.equal("pulumi");
    });

    it("encrypts with a new nonce each time, and decrypts with the same salt and passphrase", async () => {
        const sealer = await PassphraseSealer.create("");
        const [first, second] = [sealer.encrypt("héllo"), sealer.encrypt("héllo")];
        expect(first).to.not.equal(second);
        expect((await PassphraseSealer.open(sealer.salt, "")).decrypt(first)).to.equal("héllo");
    });

    it("rejects a wrong passphrase, a foreign ciphertext and malformed text", async () => {
        expect((await failure(PassphraseSealer.open(cliSalt, "password123"))).message).to.contain(
            "incorrect passphrase",
        );
        expect((await failure(PassphraseSealer.open("v2:a:b", "password"))).message).to.contain("has not the form");
        const sealer = await PassphraseSealer.create("one");
        const other = await PassphraseSealer.create("one");
        expect(() => sealer.decrypt(other.encrypt("text"))).to.throw("not encrypted with this stack's key");
        for (const text of ["", "plain", "v1:short:AA=="])
            expect(() => sealer.decrypt(text)).to.throw("has not the form");
    });

    it("takes the passphrase from the environment or from the file that it names", () => {
        const folder = mkdtempSync(join(tmpdir(), "passphrase-"));
        const file = join(folder, "passphrase");
        writeFileSync(file, "from a file\n");
        expect(passphraseFromEnvironment({ PULUMI_CONFIG_PASSPHRASE: "" })).to.equal("");
        expect(passphraseFromEnvironment({ PULUMI_CONFIG_PASSPHRASE_FILE: file })).to.equal("from a file");
        expect(() => passphraseFromEnvironment({ PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "none") })).to.throw(
            "cannot be read",
        );
        expect(() => passphraseFromEnvironment({})).to.throw("PULUMI_CONFIG_PASSPHRASE");
        rmSync(folder, { recursive: true });
    });
});
