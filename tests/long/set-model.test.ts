import { anySequenceOfSets } from "../model/set-model";
import { duration } from "./duration";

anySequenceOfSets(duration);
