import { expect } from "chai";
import { UserError } from "../../lib/errors";
import { EmbeddedEngine, TemporaryStack } from "../../lib/testing";

/** What a program in JavaScript may pass. */
type Anything = never;

describe("arguments that JavaScript lets pass", () => {
    let stack: TemporaryStack;
    let hasRun = false;
    const program = async () => {
        hasRun = true;
        return {};
    };
    beforeEach(async () => {
        hasRun = false;
        stack = await TemporaryStack.create({ program });
    });
    afterEach(() => stack.dispose());

    const refusal = async (work: () => unknown): Promise<string> => {
        try {
            await work();
        } catch (error) {
            expect(error).to.be.instanceOf(UserError).with.property("kind", "invalid-arguments");
            return (error as UserError).message;
        }
        throw new Error(`nothing is refused: ${work}`);
    };

    it("are refused with all their faults before an operation runs the program", async () => {
        const options = { targets: ["one"], parallel: 0, target: "one", listener: 5, cancel: {}, refresh: "yes" };
        for (const verb of ["preview", "up", "refresh", "destroy"] as const) {
            const message = await refusal(() => stack.engine[verb](options as Anything));
            expect(message).to.match(new RegExp(`^The arguments of ${verb} are not valid: \`targets\` is not known`));
            for (const fault of [
                "`parallel` must be a positive integer, not a number",
                "`target` must be a list of texts, not a string",
                "`listener` must be a function",
                "`cancel` must be an AbortSignal",
                "`refresh` must be true or false",
            ])
                expect(message).to.include(fault);
        }
        for (const none of [null, "up", ["up"]]) {
            expect(await refusal(() => stack.engine.up(none as Anything))).to.include("they must be an object");
        }
        expect(await refusal(() => stack.engine.up({ policyPacks: [5] } as Anything))).to.include(
            "`policyPacks` must be",
        );
        expect(hasRun).to.equal(false);
    });

    it("are refused where a stack or an engine is made", async () => {
        for (const options of [
            undefined,
            {},
            { program: 5 },
            { program, name: "x" },
            { program, stack: 5 },
            { program, secrets: { token: 5 } },
            { program, config: null },
            { program, environment: { REGION: 5 } },
            { program, inProcess: "yes" },
        ])
            await refusal(() => TemporaryStack.create(options as Anything));
        for (const options of [undefined, {}, { folder: 5 }, { folder: ".", stack: 5 }])
            await refusal(() => new EmbeddedEngine(options as Anything));
    });

    it("are refused by everything else that an engine does, and no value is shown", async () => {
        const { engine } = stack;
        const five = 5 as Anything;
        for (const work of [
            () => engine.import(undefined as Anything),
            () => engine.import({} as Anything),
            () => engine.import({ file: { resources: 5 } } as Anything),
            () => engine.createStack(undefined as Anything),
            () => engine.selectStack(five),
            () => engine.renameStack(five),
            () => engine.removeStack(five, true),
            () => engine.importState({} as Anything),
            () => engine.setConfig(undefined as Anything, "x", false),
            () => engine.setConfig("key", 4711 as Anything, true),
            () => engine.setAllConfig(five),
            () => engine.setConfigs(five, false),
            () => engine.configValue(five, false),
            () => engine.removeConfig(undefined as Anything),
        ])
            expect(await refusal(work)).not.to.include("4711");
        expect(engine.stackName).to.equal("test");
        expect((await engine.config()).size).to.equal(0);
    });
});
