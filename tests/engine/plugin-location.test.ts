import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { locatePlugin } from "../../lib/engine/provider/plugin-location";
import { comparedVersions } from "../../lib/engine/provider/plugin-version";
import { UserError } from "../../lib/errors";

describe("where a provider plugin is found", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "plugin-location-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const executable = process.platform === "win32" ? "pulumi-resource-shelf.cmd" : "pulumi-resource-shelf";
    const put = (...place: string[]): string => {
        const into = path.join(folder, ...place);
        mkdirSync(into, { recursive: true });
        writeFileSync(path.join(into, executable), "");
        chmodSync(path.join(into, executable), 0o755);
        return into;
    };
    const home = () => ({ PULUMI_HOME: path.join(folder, "home"), PATH: path.join(folder, "bin") });
    const found = (version: string, environment: NodeJS.ProcessEnv = home()) => {
        const { folder: place, isAmbient } = locatePlugin("shelf", version, [], environment);
        return `${path.relative(folder, place)}${isAmbient ? " (PATH)" : ""}`;
    };
    const refusal = (work: () => unknown): string => {
        try {
            work();
        } catch (error) {
            if (error instanceof UserError && error.kind === "plugin-not-found") return error.message;
            throw error;
        }
        throw new Error("it was found");
    };

    it("is first what the project declares for the version, then the PATH, then the user's plugins", () => {
        put("home", "plugins", "resource-shelf-v1.2.0");
        const own = { name: "shelf", version: "1.2.0", path: put("own") };
        expect(found("1.2.0")).to.equal(path.join("home", "plugins", "resource-shelf-v1.2.0"));
        put("bin");
        expect(found("1.2.0")).to.equal("bin (PATH)");
        expect(found("1.2.0", { ...home(), PULUMI_IGNORE_AMBIENT_PLUGINS: "true" })).to.match(/v1\.2\.0$/);
        expect(locatePlugin("shelf", "1.2.0", [own], home()).folder).to.equal(own.path);
        expect(locatePlugin("shelf", "", [own], home()).folder).to.equal(own.path);
        expect(locatePlugin("shelf", "1.3.0", [own], home()).isAmbient).to.equal(true);
    });

    it("is the installed plugin of exactly the version, or without one the newest release", () => {
        for (const version of ["0.9.0", "0.10.0", "0.11.0-beta.1"])
            put("home", "plugins", `resource-shelf-v${version}`);
        put("home", "plugins", "resource-shelf-v2.0.0");
        writeFileSync(path.join(folder, "home", "plugins", "resource-shelf-v2.0.0.partial"), "");
        put("home", "plugins", "resource-shelves-v3.0.0");
        const version = (wanted: string) => found(wanted).replace(/.*-v/, "");
        expect([version("0.9.0"), version("0.11.0-beta.1"), version("")]).to.deep.equal([
            "0.9.0",
            "0.11.0-beta.1",
            "0.10.0",
        ]);
        expect(refusal(() => found("0.9.1"))).to.match(
            /^The plugin pulumi-resource-shelf was not found in the workspace at version v0\.9\.1 or on the PATH\. Install it/,
        );
    });

    it("is a folder with an executable file, or with a plugin for Node in JavaScript", () => {
        const place = path.join(folder, "source");
        mkdirSync(place);
        const locate = () => locatePlugin("shelf", "", [{ name: "shelf", version: undefined, path: place }], home());
        expect(refusal(locate)).to.include(`The folder ${place} has no executable file pulumi-resource-shelf`);
        writeFileSync(path.join(place, "PulumiPlugin.yaml"), "runtime:\n  name: nodejs\n");
        writeFileSync(path.join(place, "package.json"), JSON.stringify({ main: "main.js" }));
        expect(refusal(locate)).to.include("no PulumiPlugin.yaml of a plugin for Node");
        writeFileSync(path.join(place, "main.js"), "");
        expect(locate()).to.deep.include({ executable: undefined, script: path.join(place, "main.js") });
        writeFileSync(path.join(place, "PulumiPlugin.yaml"), "runtime: python\n");
        expect(refusal(locate)).to.include(`The folder ${place} has no executable file`);
    });

    it("is compared by semantic versions", () => {
        const sorted = ["", "0.9.0", "0.10.0-alpha", "0.10.0-alpha.1", "0.10.0-alpha.beta", "0.10.0-beta", "0.10.0"];
        for (const [index, version] of sorted.entries()) {
            for (const other of sorted.slice(index + 1)) {
                expect(comparedVersions(version, other), `${version} < ${other}`).to.be.lessThan(0);
                expect(comparedVersions(other, version), `${other} > ${version}`).to.be.greaterThan(0);
            }
        }
        expect(comparedVersions("1.0.0+one", "1.0.0+other")).to.equal(0);
    });
});
