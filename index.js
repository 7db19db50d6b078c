module.exports = {
	...require('./dist/nodes/UltimoReservation/UltimoReservation.node.js'),
	...require('./dist/credentials/UltimoApi.credentials.js'),
};
