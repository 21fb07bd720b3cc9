import { createInterface, type Interface } from "node:readline/promises";
import { Writable } from "node:stream";
import { EmbeddedEngine, logIn, notSetUp, type SetUpNeed, type SetUpQuestion, setUpNeeds } from "../engine";
import { writing } from "../errors";
import { makeFolder } from "../files";
import { type CommandIo, fileIn } from "./command-io";

/** The place for states that `pulumi login --local` chooses. */
const localBackend = "file://~";

export interface SetUp {
    readonly environment: NodeJS.ProcessEnv;
    readonly stack: string | undefined;
}

export interface SetUpChoice extends Omit<SetUpQuestion, "folder" | "environment"> {
    /** Whether there is a person to ask. */
    readonly interactive: boolean;
    /** Whether the command may create the state folder and the stack. */
    readonly mayCreate: boolean;
    /** Whether the command creates the stack, and creates the folder without a question. */
    readonly createsFolder?: boolean;
}

/**
 * Checks everything that an operation needs before it begins. On a terminal it asks for what is missing and creates it; elsewhere
 * it names all of it in one error.
 * @returns the environment and the stack to go on with; undefined when the person declined
 * @throws UserError `not-set-up`, or nothing where a single thing is missing, which the operation names
 */
export async function setUp(io: CommandIo, choice: SetUpChoice): Promise<SetUp | undefined> {
    const { stack, creates, interactive, mayCreate, createsFolder = false } = choice;
    const question = { folder: io.cwd, environment: io.env, stack, ...(creates !== undefined && { creates }) };
    const needs = setUpNeeds(question).filter((need) => !(createsFolder && createFolder(need)));
    const asked = needs.filter(({ what }) => mayCreate || what === "passphrase");
    if (needs.length === 0 || (interactive && asked.length === 0)) return { environment: io.env, stack };
    if (interactive && asked.length === needs.length) return await dialog(io, needs, stack);
    if (needs.length > 1) throw notSetUp(needs);
    return { environment: io.env, stack };
}

function createFolder(need: SetUpNeed): boolean {
    if (need.what !== "folder") return false;
    writing("state-not-written", need.folder, () => makeFolder(need.folder, 0o700));
    return true;
}

async function dialog(
    io: CommandIo,
    needs: readonly SetUpNeed[],
    stack: string | undefined,
): Promise<SetUp | undefined> {
    const output = new AnswerHider(io.stdout);
    const prompt = createInterface({ input: io.stdin, output, terminal: io.stdin.isTTY === true });
    const creates = needs.some(({ what }) => what === "stack");
    let environment = io.env;
    let chosen = stack;
    try {
        for (const need of needs) {
            if (need.what === "backend") {
                const where = "Keep states in ~/.pulumi, as `pulumi login --local` does?";
                if (!(await confirmed(prompt, `No place for states is set. ${where}`))) return declined(io);
                logIn(localBackend, environment);
            } else if (need.what === "folder") {
                const place = fileIn(io, need.folder);
                if (!(await confirmed(prompt, `The state folder ${place} does not exist. Create it?`)))
                    return declined(io);
                createFolder(need);
            } else if (need.what === "passphrase") {
                const ask = async (question: string): Promise<string> => {
                    const answer = await output.hiding(() => prompt.question(question));
                    io.stdout.write("\n");
                    return answer;
                };
                // A stack that is created is encrypted with it, and nothing else decrypts that stack.
                const passphrase = await (creates ? repeated(ask) : ask(passphraseQuestion));
                environment = { ...environment, PULUMI_CONFIG_PASSPHRASE: passphrase };
                io.stdout.write("Set PULUMI_CONFIG_PASSPHRASE to it, and you are not asked again.\n");
            } else {
                chosen = await stackName(prompt, need.name);
                if (chosen === undefined) return declined(io);
            }
        }
    } finally {
        prompt.close();
    }
    if (chosen !== undefined && creates) {
        const created = await new EmbeddedEngine({ folder: io.cwd, environment }).createStack(chosen);
        io.stdout.write(`Created stack '${created}'\n`);
    }
    return { environment, stack: chosen };
}

const passphraseQuestion = "Passphrase for the stack's secrets: ";

/** An answer that was given twice in the same way. */
async function repeated(ask: (question: string) => Promise<string>): Promise<string> {
    for (let question = passphraseQuestion; ; question = `The two differ. ${passphraseQuestion}`) {
        const passphrase = await ask(question);
        if ((await ask("The same passphrase again: ")) === passphrase) return passphrase;
    }
}

/** The name of the stack to create; undefined when it is not to be created. */
async function stackName(prompt: Interface, name: string | undefined): Promise<string | undefined> {
    if (name !== undefined && name !== "")
        return (await confirmed(prompt, `There is no stack named '${name}'. Create it?`)) ? name : undefined;
    return (await prompt.question("There is no stack. Name of the one to create (dev): ")).trim() || "dev";
}

async function confirmed(prompt: Interface, question: string): Promise<boolean> {
    const answer = (await prompt.question(`${question} (yes/no) `)).trim().toLowerCase();
    return answer === "yes" || answer === "y";
}

function declined(io: CommandIo): undefined {
    io.stdout.write("Nothing was deployed.\n");
}

/** Standard output, on which an answer can stay invisible: readline repeats what is typed. */
class AnswerHider extends Writable {
    readonly #shown: Writable;
    #hides = false;

    constructor(shown: Writable) {
        super({ decodeStrings: false });
        this.#shown = shown;
    }

    /** @param ask writes a question at once, and then waits for the answer */
    async hiding(ask: () => Promise<string>): Promise<string> {
        const answer = ask();
        this.#hides = true;
        try {
            return await answer;
        } finally {
            this.#hides = false;
        }
    }

    override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
        if (!this.#hides) this.#shown.write(chunk);
        done();
    }
}
