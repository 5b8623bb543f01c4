// An ES module: trains on the toy data and says how well.
import { configuration, TwoLayerNet, toyData, train } from "twolayer";

const { X, y, params } = toyData();
const net = new TwoLayerNet(params);
train(net, { X, y }, { learningRate: 1, iterations: 50 });
console.log(net.accuracy(X, y), configuration().kernel);
