// The error by which a program learns that it must compute without a worker what it waited for.

/** A worker did not finish its task in time. What was being computed must be computed again. */
export class WorkerTimeout extends Error {
  override name = "WorkerTimeout";
}
