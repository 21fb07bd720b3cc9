import { anySequence } from "../model/any-sequence";
import { duration } from "./duration";

anySequence("what stands for an engine", duration);
