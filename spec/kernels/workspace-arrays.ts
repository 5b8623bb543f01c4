// A workspace with arrays of given shapes in it.
import assert from "node:assert/strict";
import { createWorkspace } from "../../lib/kernels/in-force.ts";
import { type Workspace, workspaceElements } from "../../lib/kernels/wasm/workspace.ts";

type Shape = readonly [rows: number, columns: number];

/**
 * A workspace of the kernel in force, for products of so much `work`, and an array of each shape in
 * it.
 */
export function workspaceArrays(
  shapes: readonly Shape[],
  work = 0,
): {
  workspace: Workspace;
  arrays: Float64Array[];
} {
  const elements = shapes.reduce((sum, shape) => sum + workspaceElements(...shape), 0);
  const workspace = createWorkspace({ elements, spareElements: 0, packedElements: 0, work });
  assert.ok(workspace !== undefined, "no workspace");
  return { workspace, arrays: shapes.map((shape) => workspace.take(...shape)) };
}
