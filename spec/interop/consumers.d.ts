// Types for packages that are only there once spec/interop is installed, so that the whole
// repository type-checks without them.
declare module "onnx-proto";
declare module "onnxruntime-node";
