import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { splitArguments } from "../../../lib/engine/program/node-program";
import { loadProject } from "../../../lib/engine/project/project-file";
import { StackSettings } from "../../../lib/engine/project/stack-settings";

const mirror = {
    encrypt: (text: string) => `v1:${text}`,
    decrypt: (text: string) => text.slice("v1:".length),
    salt: "",
};

describe("a project", () => {
    let folder: string;
    const write = (name: string, content: string): void => writeFileSync(join(folder, name), content);
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "project-"));
        write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("is found from a folder below, and runs in its own folder or in the one of main", () => {
        mkdirSync(join(folder, "sub"));
        expect(loadProject(join(folder, "sub"))).to.include({ name: "shop", entry: ".", refreshAlways: false });
        write("Pulumi.yaml", "name: shop\nruntime: nodejs\nmain: sub/\noptions:\n  refresh: always\n");
        const project = loadProject(folder);
        expect(project.programFolder).to.equal(join(project.root, "sub"));
        expect(project.refreshAlways).to.equal(true);
        write("Pulumi.yaml", "name: shop\nruntime: nodejs\nmain: sub/start.js\n");
        expect(loadProject(folder)).to.include({ entry: "start.js" });
    });

    it("rejects invalid projects, other runtimes and plugins, and names the file", () => {
        const fault = (text: string): string => {
            write("Pulumi.yaml", text);
            try {
                loadProject(folder);
            } catch (error) {
                return (error as Error).message;
            }
            return "";
        };
        expect(fault("name: shop\nruntime: python\n"))
            .to.contain('The runtime "python"')
            .and.to.contain("pulumi CLI")
            .and.to.contain("Pulumi.yaml");
        expect(fault("name: a b\nruntime: nodejs\n")).to.contain('"name" in the project file');
        expect(fault("name: [\n")).to.contain("not YAML");
        expect(fault("just text")).to.contain("the document must be a map");
        expect(fault("name: shop\nruntime:\n  name: nodejs\n  options:\n    typescript: maybe\n")).to.contain(
            '"typescript" must be true or false, found text',
        );
        const refused = {
            "plugins: { languages: [{ name: nodejs, path: here }] }": '"plugins.languages" in Pulumi.yaml',
            "packages: { random: github.com/pulumi/random }": 'The package "random" in Pulumi.yaml',
            "packages: { terraform: { source: terraform, parameters: [aws] } }": "The parameterized package",
            "plugins: { providers: [{ name: shelf }] }": '"plugins.providers[0]" has no "path"',
            "plugins: { providers: [{ name: ../shelf, path: here }] }": '"plugins.providers[0].name" holds a character',
        };
        for (const [lines, message] of Object.entries(refused)) {
            expect(fault(`name: shop\nruntime: nodejs\n${lines}\n`), lines).to.contain(message);
        }
        expect(() => loadProject(join(folder, "nowhere"))).to.throw("no folder");
    });

    it("names the provider plugins of a project, with their places", () => {
        writeFileSync(
            join(folder, "Pulumi.yaml"),
            "name: shop\nruntime: nodejs\nplugins: { providers: [{ name: shelf, version: 1.2.0, path: plugins/shelf }] }\npackages: { desk: ./desk, lamp: lamp@1.0.0, chair: { source: ../chair, version: 2.0.0 } }\n",
        );
        const root = realpathSync(folder);
        expect(loadProject(folder).plugins).to.deep.equal([
            { name: "shelf", version: "1.2.0", path: join(root, "plugins/shelf") },
            { name: "desk", version: undefined, path: join(root, "desk") },
            { name: "chair", version: "2.0.0", path: join(root, "../chair") },
        ]);
    });

    it("edits a stack's settings without touching comments, order or spelling of the rest", () => {
        write(
            "Pulumi.dev.yaml",
            "# the shop\nencryptionsalt: v1:salt\nconfig:\n  # where\n  shop:region: here # for now\n  other:list:\n    - 1\n    - two\n",
        );
        const settings = StackSettings.load(loadProject(folder), "dev");
        settings.set("region", "there");
        settings.set("count", "12");
        settings.set("secret", "hush", mirror);
        expect(settings.remove("other:list")).to.equal(true);
        expect(settings.remove("other:list")).to.equal(false);
        settings.save();
        expect(readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8")).to.equal(
            '# the shop\nencryptionsalt: v1:salt\nconfig:\n  # where\n  shop:region: there # for now\n  shop:count: "12"\n  shop:secret:\n    secure: v1:hush\n',
        );
    });

    it("gives programs text: numbers, structures as JSON, decrypted secrets, defaults of the project", () => {
        write("Pulumi.yaml", "name: shop\nruntime: nodejs\nconfig:\n  size:\n    default: 3\n  region: nowhere\n");
        write(
            "Pulumi.dev.yaml",
            "config:\n  region: here\n  shop:big: 12345678901234567890\n  shop:on: true\n  ns:tree: { leaf: { secure: v1:hush }, n: [1] }\n",
        );
        const settings = StackSettings.load(loadProject(folder), "dev");
        expect(settings.hasSecrets).to.equal(true);
        expect(Object.fromEntries(settings.config(() => mirror))).to.deep.equal({
            "ns:tree": { text: '{"leaf":"hush","n":[1]}', secret: true },
            "shop:big": { text: "12345678901234567890", secret: false },
            "shop:on": { text: "true", secret: false },
            "shop:region": { text: "here", secret: false },
            "shop:size": { text: "3", secret: false },
        });
    });

    it("rejects other secrets providers and malformed keys", () => {
        write("Pulumi.dev.yaml", "secretsprovider: awskms://key\n");
        expect(() => StackSettings.load(loadProject(folder), "dev")).to.throw("awskms");
        write("Pulumi.dev.yaml", "environment: [base]\n");
        expect(() => StackSettings.load(loadProject(folder), "dev")).to.throw("environment");
        write("Pulumi.dev.yaml", "config: [1]\n");
        expect(() => StackSettings.load(loadProject(folder), "dev")).to.throw(
            '"config" must be a map or empty, found a list (line 1, column 9)',
        );
        const settings = StackSettings.load(loadProject(folder), "other");
        expect(() => settings.set("a:b:c", "1")).to.throw("not of the form");
    });

    it("splits node's arguments as a shell does", () => {
        expect(splitArguments(`--a --b="c d" 'e f' g\\`)).to.deep.equal(["--a", "--b=c d", "e f", "g\\"]);
    });
});
