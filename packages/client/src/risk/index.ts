export { type Answer, type Engine, engine, type Key, type Question, type Records } from "./engine.js";
export { type Asked, type Circumstances, Model } from "./model.js";
export { lastBlock, type Reader } from "./reader.js";
