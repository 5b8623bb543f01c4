// twolayer/search: the best of many nets, trained on several threads.

export {
  type CandidateResult,
  type CompletedResult,
  type DivergedResult,
  type FailedResult,
  findBestNet,
  type Search,
  type SearchResult,
  search,
} from "./search/search.ts";
export type { SearchOptions } from "./search/search-options.ts";
export type { Candidate, Range, SearchSpace } from "./search/space.ts";
