import { anySequence } from "./any-sequence";

anySequence("what stands for an engine", { rounds: 8 });
anySequence("the embedded engine", { rounds: 2 });
