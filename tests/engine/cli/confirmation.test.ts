import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect } from "chai";
import { TestStack } from "../test-stack";

/** Runs a command on a terminal of its own, answers each question in turn, and prints what the terminal showed. */
const terminal = `
import os, pty, sys, select
answers = sys.argv[1].split(",")
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown = b""
asked = 0
while True:
    try:
        chunk = os.read(fd, 4096)
    except OSError:
        break
    if not chunk:
        break
    shown += chunk
    if shown.count(b"(yes/no/details)") > asked and asked < len(answers):
        os.write(fd, (answers[asked] + "\\n").encode())
        asked += 1
_, status = os.waitpid(pid, 0)
sys.stdout.write(shown.decode("utf8", "replace"))
sys.exit(os.waitstatus_to_exitcode(status))
`;

describe("the question before an operation on a terminal", function () {
    this.timeout(120_000);
    let stack: TestStack;
    beforeEach(async () => {
        stack = await TestStack.items('new Item("a", { key: "a", size: 1 });');
    });
    afterEach(() => stack.remove());

    const answered = (answers: string): { status: number | null; stdout: string } =>
        spawnSync(
            "python3",
            ["-c", terminal, answers, process.execPath, resolve("dist/cli/pulumi-embedded.js"), "up", "--stack", "dev"],
            { cwd: stack.program, env: { ...stack.environment, TERM: "xterm" }, encoding: "utf8", timeout: 60_000 },
        );

    it("goes ahead after yes", () => {
        const { status, stdout } = answered("yes");
        expect(status, stdout).to.equal(0);
        expect(stack.live).to.deep.equal({ a: { key: "a", size: 1 } });
    });

    it("shows every property for details, asks again, and changes nothing after no", () => {
        const { status, stdout } = answered("details,no");
        expect(status, stdout).to.equal(8);
        expect(stdout).to.contain("size: 1").and.to.contain("confirmation declined");
        expect(stack.live).to.deep.equal({});
    });
});
