import { anySequenceOfSets } from "./set-model";

anySequenceOfSets({ rounds: 25 });
