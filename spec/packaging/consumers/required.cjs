// The same in CommonJS, for engines that can require an ES module.
const { configuration, toyData, train, TwoLayerNet } = require("twolayer");

const { X, y, params } = toyData();
const net = new TwoLayerNet(params);
train(net, { X, y }, { learningRate: 1, iterations: 50 });
console.log(net.accuracy(X, y), configuration().kernel);
