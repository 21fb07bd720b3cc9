import { spawnSync } from "node:child_process";

/** Runs a command on a terminal of its own, answers each question in turn (^C and ^D are keys), and prints what the terminal showed. */
const script = `
import fcntl, os, pty, struct, sys, termios
keys = {"^C": b"\\x03", "^D": b"\\x04"}
columns = int(sys.argv[1])
answers = [keys.get(answer, (answer + "\\n").encode()) for answer in sys.argv[2].split(",") if answer]
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    os.execvp(sys.argv[3], sys.argv[3:])
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
    if shown.count(b"(yes/no") > asked and asked < len(answers):
        os.write(fd, answers[asked])
        asked += 1
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(status))
`;

interface Shown {
    readonly columns?: number;
    /** Separated by commas. */
    readonly answers?: string;
}

export interface Terminal extends Shown {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
}

/** Why tests on a terminal cannot run here; undefined when they can. */
export const noTerminal = (): string | undefined =>
    spawnSync("python3", ["-c", "import pty; pty.fork"]).status === 0
        ? undefined
        : "python3, which makes the terminal, is not there";

/** What Python runs for a command on a terminal. */
export const terminalArguments = (command: readonly string[], { columns = 100, answers = "" }: Shown): string[] => [
    ...["-c", script, String(columns), answers],
    ...command,
];

/** What a command shows on a terminal, escape sequences included. */
export function onTerminal(
    command: readonly string[],
    { cwd, env, ...shown }: Terminal,
): { status: number | null; shown: string } {
    const { status, stdout } = spawnSync("python3", terminalArguments(command, shown), {
        cwd,
        env: { ...env, TERM: "xterm" },
        encoding: "utf8",
        timeout: 60_000,
    });
    return { status, shown: stdout };
}
