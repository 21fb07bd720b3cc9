import { spawn } from "node:child_process";
import { once } from "node:events";

export interface Measurement {
    readonly seconds: number;
    /** Processor seconds, user and system, of the command and all processes that it waited for. */
    readonly cpuSeconds: number;
    /** Peak memory of the largest process, with all processes that the command started, in MB. */
    readonly peakMb: number;
    /** Peak memory of each kind of process, in MB: the largest of its kind. Empty where the system has no /proc. */
    readonly peaks: Readonly<Record<string, number>>;
    readonly output: string;
}

// Node cannot ask for the use of finished children; Python's standard library can. A process counts as its descendants do
// when it ends, so a process that a program left behind is not counted. Peaks are read from /proc, five times a second.
const wrapper = `
import glob, json, resource, subprocess, sys, threading, time
peaks, ended = {}, threading.Event()
def look(pid):
    try:
        with open(f"/proc/{pid}/cmdline") as file: line = file.read().replace("\\0", " ")
        with open(f"/proc/{pid}/status") as file: peak = next((int(l.split()[1]) for l in file if l.startswith("VmHWM")), 0)
        children = " ".join(open(name).read() for name in glob.glob(f"/proc/{pid}/task/*/children")).split()
    except OSError: return
    peaks[pid] = (line, peak)
    for child in children: look(child)
def watch(pid):
    while not ended.wait(0.2): look(pid)
start = time.monotonic()
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
threading.Thread(target=watch, args=(str(child.pid),), daemon=True).start()
output = child.communicate()[0]
ended.set()
seconds = time.monotonic() - start
use = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"seconds": seconds, "cpuSeconds": use.ru_utime + use.ru_stime, "peakMb": use.ru_maxrss / 1024,
    "processes": list(peaks.values()), "output": output, "status": child.returncode}))`;

/** What a process of a deployment does, by its command line. The first that fits counts. */
const kinds: readonly (readonly [string, RegExp])[] = [
    ["provider", /cmd\/dynamic-provider|pulumi-resource-|\/plugin\/start\.js|terraform-provider-/],
    ["program", /@pulumi\/pulumi\/cmd\/run|program-preload/],
    ["language host", /pulumi-language-/],
    ["engine", /pulumi-embedded|(^|\/)pulumi |terraform/],
];

interface Wrapped {
    readonly seconds: number;
    readonly cpuSeconds: number;
    readonly peakMb: number;
    readonly processes: readonly (readonly [string, number])[];
    readonly output: string;
    readonly status: number;
}

/** Runs a command to its end. An exit status other than 0 is an error that shows what it printed. */
export async function measure(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Measurement> {
    const child = spawn("python3", ["-c", wrapper, ...command], { env, stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
    });
    await once(child, "close");
    const { status, processes, ...measurement } = JSON.parse(text) as Wrapped;
    if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}:\n${measurement.output}`);
    const peaks: Record<string, number> = {};
    for (const [line, kilobytes] of processes) {
        const kind = kinds.find(([, pattern]) => pattern.test(line))?.[0];
        if (kind !== undefined) peaks[kind] = Math.max(peaks[kind] ?? 0, kilobytes / 1024);
    }
    return { ...measurement, peaks };
}
