// The README's first command after `npm ci`: npx tsx bench/main-job.ts [runs]
import { measure } from "./measured-command";
import { median } from "./median";

async function main(): Promise<void> {
    const runs = Number(process.argv[2] ?? 3);
    const all = [];
    for (let run = 0; run < runs; run += 1) all.push(await measure(["npm", "start"]));
    const seconds = median(all.map((one) => one.seconds));
    const peak = median(all.map((one) => one.peakMb));
    console.log(`npm start: ${seconds.toFixed(1)} s, largest process ${peak.toFixed(0)} MB (median of ${runs})`);
}

main();
