import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { parseAllDocuments } from "yaml";
import { matrixText, type RolloutPlan } from "../../lib/rollout";
import { fileOf } from "../rollout/wave-fixture";

const root = path.join(__dirname, "..", "..");

interface Pipeline {
    /** A file, with the line of a fenced block. */
    readonly place: string;
    readonly text: string;
}

function filesUnder(folder: string, ending: RegExp): string[] {
    return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => ending.test(name) && !name.includes("node_modules"))
        .map((name) => path.join(folder, name));
}

/** The YAML blocks of a page. */
function blocksOf(place: string): Pipeline[] {
    const text = readFileSync(path.join(root, place), "utf8");
    return [...text.matchAll(/^```ya?ml\n([\s\S]*?)^```/gm)].map(({ 1: block = "", index }) => ({
        place: `${place}:${text.slice(0, index).split("\n").length}`,
        text: block,
    }));
}

/** What `rollout plan --matrix gitlab` prints for names with everything that the schema of a rollout file allows. */
function generated(): Pipeline {
    const file = fileOf({ stacks: ["a", "b-1_2.c"], pause: { for: "person" } }, { stacks: ["last"] });
    const plan: RolloutPlan = {
        version: 1,
        id: "0".repeat(64),
        name: file.name,
        fileDigest: file.digest,
        engine: "pulumi-embedded",
        madeAt: "2027-01-01T00:00:00Z",
        stacks: [],
    };
    return {
        place: "rollout plan --matrix gitlab",
        text: matrixText("gitlab", file, plan, { file: "it's $(id).yaml", plan: "plan.json" }),
    };
}

const pages = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    ...filesUnder("docs", /\.md$/),
    ...filesUnder("examples", /\.md$/),
];
const pipelines: readonly Pipeline[] = [
    ...filesUnder("examples", /\.ya?ml$/).map((place) => ({
        place,
        text: readFileSync(path.join(root, place), "utf8"),
    })),
    ...pages.flatMap(blocksOf),
    generated(),
];

/** Every member of a document with this name, at any depth. */
function membersOf(value: unknown, names: readonly string[]): unknown[] {
    if (Array.isArray(value)) return value.flatMap((item) => membersOf(item, names));
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, member]) => [
        ...(names.includes(name) ? [member] : []),
        ...membersOf(member, names),
    ]);
}

const inPipelines = (names: readonly string[]): { readonly place: string; readonly value: string }[] =>
    pipelines.flatMap(({ place, text }) =>
        parseAllDocuments(text).flatMap((document) =>
            membersOf("toJS" in document ? document.toJS() : undefined, names)
                .flatMap((member) => (Array.isArray(member) ? member : [member]))
                .filter((value) => typeof value === "string")
                .map((value) => ({ place, value })),
        ),
    );

describe("pipelines in the documentation, in the examples and in what rollouts print", () => {
    it("put no expression into a shell's line: values reach a shell as environment variables", () => {
        const lines = inPipelines(["run", "script", "before_script", "after_script"]);
        expect(lines.length).to.be.greaterThan(20);
        for (const { place, value } of lines) {
            expect(value, place).not.to.match(/\$\{\{|\$\[\[/);
        }
    });

    it("pin each action to a commit, with its version beside it", () => {
        const actions = inPipelines(["uses"]).filter(({ value }) => !value.startsWith("./"));
        expect(actions.length).to.be.greaterThan(10);
        for (const { place, value } of actions) expect(value, place).to.match(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/);
        for (const { place, text } of pipelines)
            for (const line of text.split("\n").filter((one) => /uses: [^.]/.test(one)))
                expect(line, place).to.match(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it("pin each image to a version", () => {
        const images = inPipelines(["image", "PULUMI_IMAGE", "NODE_IMAGE"]);
        expect(images.length).to.be.greaterThan(5);
        const named = images.filter(({ value }) => !/^\$(?:PULUMI|NODE)_IMAGE$/.test(value));
        expect(images.map(({ value }) => value)).to.include.members(["$PULUMI_IMAGE", "$NODE_IMAGE"]);
        for (const { place, value } of named) expect(value, place).to.match(/:\d+\.\d+\.\d+|@sha256:/);
    });

    it("print the outputs for GitHub as one line for each, so that no name can add an output", () => {
        const file = fileOf({ stacks: ["a"] });
        const plan = { id: "x", stacks: [] } as unknown as RolloutPlan;
        const text = matrixText("github", file, plan, { file: "f\nevil=1", plan: "p" });
        for (const line of text.trimEnd().split("\n"))
            expect(line).to.match(/^(waves|wave_1(_name|_max_parallel|_parts)?)=/);
    });
});
