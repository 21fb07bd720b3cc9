import { spawnSync } from "node:child_process";

/** Runs a command on a terminal of its own, answers each question in turn, and prints what the terminal showed. */
const script = `
import fcntl, os, pty, struct, sys, termios
columns, answers = int(sys.argv[1]), [answer for answer in sys.argv[2].split(",") if answer]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[3], sys.argv[3:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
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
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(status))
`;

export interface Terminal {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly columns?: number;
    /** Separated by commas. */
    readonly answers?: string;
}

/** Why tests on a terminal cannot run here; undefined when they can. */
export const noTerminal = (): string | undefined =>
    spawnSync("python3", ["-c", "import pty; pty.fork"]).status === 0
        ? undefined
        : "python3, which makes the terminal, is not there";

/** What a command shows on a terminal, escape sequences included. */
export function onTerminal(
    command: readonly string[],
    { cwd, env, columns = 100, answers = "" }: Terminal,
): { status: number | null; shown: string } {
    const { status, stdout } = spawnSync("python3", ["-c", script, String(columns), answers, ...command], {
        cwd,
        env: { ...env, TERM: "xterm" },
        encoding: "utf8",
        timeout: 60_000,
    });
    return { status, shown: stdout };
}
